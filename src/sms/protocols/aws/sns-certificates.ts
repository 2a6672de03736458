import { X509Certificate } from 'node:crypto';
import type { HttpClient } from '../../../common/outbound/http-client';

const TIMEOUT_MS = 3_000;
/** SNS has one certificate per region at a time, and changes it once a year. */
const MOST_KEPT = 8;
const OK = 200;

/** PEM; `none`: there is none at this address, or it is not valid now; `unreachable`: it could not be asked for. */
export type CertificateAnswer = { readonly pem: string } | 'none' | 'unreachable';

/** Fetches certificates and keeps them. Only addresses that were checked may be asked for. */
export class SnsCertificates {
  private readonly kept = new Map<string, string>();

  constructor(private readonly http: HttpClient) {}

  async get(address: URL, now: number): Promise<CertificateAnswer> {
    const known = this.kept.get(address.href);
    const answer = known === undefined ? await this.fetch(address) : { pem: known };
    if (typeof answer === 'string') return answer;
    if (!isValid(answer.pem, now)) return 'none';
    this.keep(address.href, answer.pem);
    return answer;
  }

  private async fetch({ origin, pathname }: URL): Promise<CertificateAnswer> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const { status, body } = await this.http.request({ method: 'GET', url: origin + pathname, signal });
      if (status === OK) return { pem: body };
      return status >= 500 ? 'unreachable' : 'none';
    } catch {
      return 'unreachable';
    }
  }

  private keep(href: string, pem: string): void {
    this.kept.set(href, pem);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
  }
}

function isValid(pem: string, now: number): boolean {
  try {
    const { validFrom, validTo } = new X509Certificate(pem);
    return Date.parse(validFrom) <= now && now <= Date.parse(validTo);
  } catch {
    return false;
  }
}
