import { existsSync, readFileSync } from 'node:fs';
import type { ClientSettings } from '../../../../config/client-settings';
import { deriveIndexKeys } from '../../../keys/derive';
import { keyStates } from '../../../keys/ring-rules';
import { MAX_LONG_TTL_SECONDS } from '../../../otp/policy/policy';
import { parseSecrets } from '../../../keys/secrets';
import { checkSecretsFile } from '../../../keys/secrets-file.service';
import { about, type Finding } from '../finding';

const area = about('keys');

export interface KeysReport {
  readonly findings: readonly Finding[];
  /** Of the index key; null: there is no usable file. */
  readonly fingerprint: string | null;
}

/** The secrets file: there, readable for nobody else, with keys that are random and one that signs. */
export function lookAtKeys({ secretsFile, isProduction }: ClientSettings): KeysReport {
  if (!existsSync(secretsFile) && !isProduction)
    return { findings: [area.ok('the first start makes a secrets file')], fingerprint: null };
  const { unusable, unsafe } = checkSecretsFile(secretsFile);
  const risks = unsafe.map((risk) => area[isProduction ? 'problem' : 'warning'](`${secretsFile}: ${risk}`));
  if (unusable !== null) {
    const remedy = 'bring back the copy, or make one with sixdigit init; see docs/deployment.md';
    return {
      findings: [area.problem(`${secretsFile}: ${unusable}; ${remedy}`), ...risks],
      fingerprint: null,
    };
  }
  const { index, ring } = parseSecrets(readFileSync(secretsFile, 'utf8'));
  return { findings: [...risks, ringFinding(ring)], fingerprint: deriveIndexKeys(index).fingerprint };
}

function ringFinding(ring: ReturnType<typeof parseSecrets>['ring']): Finding {
  const now = Date.now();
  if (ring.every(({ signFrom }) => signFrom > now))
    return area.problem(
      'no key of the ring may sign yet: every signFrom lies ahead; wait, or set this clock right',
    );
  const states = keyStates(ring, now, MAX_LONG_TTL_SECONDS);
  const signs = states.find(({ state }) => state === 'signs')?.kid ?? '';
  return area.ok(`the ring has ${ring.length} ${ring.length === 1 ? 'key' : 'keys'}, ${signs} signs`);
}

/** Whether the database was filled with this index key. */
export function fingerprintFinding(own: string | null, stored: string | null): Finding {
  if (own === null)
    return area.skipped('whether they belong to this database: there is no usable secrets file');
  if (stored === null) return area.ok('the database has no keys yet: the first start claims it');
  if (stored === own) return area.ok('they belong to this database');
  return area.problem(
    'the index key is not the one this database was filled with: bring back the secrets file that belongs to it, or ' +
      'use an empty database',
  );
}
