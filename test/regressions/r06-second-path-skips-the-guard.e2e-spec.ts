/**
 * R06. The guard stands on one way in, and a second way takes the same code without it. Seen in CVE-2026-8760 (after an
 * incomplete fix of CVE-2024-11178), Keycloak (CVE-2026-9798, GHSA-85v8-vx4w-q684), Zitadel (CVE-2025-64102,
 * GHSA-xrw9-r35x-x878, GHSA-7j7j-66cv-m239) and keycloak-magic-link (#211): guesses without end by the other path.
 *
 * Catches: a route that judges a guess without charging it, or without looking at the lock (`lockOf` removed from the
 * rule of the check). Which routes there are, `route-table.e2e-spec.ts` compares with the booted app.
 */
import {
  asAnotherWriter,
  type Answer,
  type Started,
  type Tenant,
  wordFor,
  wrongCode,
} from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';
import { pathOf, routeTable } from './route-table';

const engine = useSharedEngine();
let tenant: Tenant;
beforeAll(async () => {
  tenant = await engine.tenant({ policy: { maxChecks: 3, cooldownSeconds: 0 } });
});

const ways = routeTable.flatMap((row) => (row.guess ? [[row.route, row, row.guess] as const] : []));

describe.each(ways)('a guess by %s', (_route, row, bodyOf) => {
  const guess = ({ id, to }: Pick<Started, 'id' | 'to'>, code: string): Promise<Answer> =>
    tenant.call(pathOf(row, { id }), bodyOf(code, to));
  const refused = (answer: Answer, word: string): void => {
    expect(wordFor(answer)).toBe(row.hidesWhy ? '200' : word);
    if (row.hidesWhy) expect(answer.body).toEqual({ valid: false, verification: null });
  };

  it('is counted, and after the last one the right code is refused', async () => {
    const started = await tenant.start();
    const { id, to, code } = started;
    for (let n = 1; n <= 3; n++) {
      expect((await guess(started, wrongCode(code, n))).body['valid']).toBe(false);
      expect((await tenant.read(id)).body).toMatchObject({ checks: { used: n } });
      expect((await tenant.lookup(to)).body).toMatchObject({ failures: n });
    }
    refused(await guess(started, code), '409 verification_failed');
  });

  it('is refused and not counted while the recipient is locked', async () => {
    const started = await tenant.start();
    const { id, to, code } = started;
    const lock = { failures: 11, lockedUntil: new Date(Date.now() + 60_000) };
    await engine.db.collection('slots').updateOne({ ids: id }, { $set: lock, ...asAnotherWriter });
    for (const one of [code, wrongCode(code)]) refused(await guess(started, one), '429 recipient_locked');
    expect((await tenant.lookup(to)).body).toMatchObject({ failures: 11 });
  });
});

it('there is at least one way', () => {
  expect(ways.length).toBeGreaterThan(0);
});
