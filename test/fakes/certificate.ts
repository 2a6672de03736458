import { generate } from 'selfsigned';

export interface TestCertificate {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
}

/** A key and a certificate that it signed itself, for one name and, so that tests can reach it, 127.0.0.1. */
export async function selfSigned(name: string): Promise<TestCertificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
    keySize: 2048,
    algorithm: 'sha256',
    // Valid at whatever time a test takes for now.
    notBeforeDate: new Date('2020-01-01'),
    notAfterDate: new Date('2040-01-01'),
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: name },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key, cert };
}
