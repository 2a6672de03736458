/**
 * R13. The call that starts a verification takes the code along, or other things that only the server may decide. Seen
 * in HotGo (CVE-2026-120447): strangers chose the code that they then typed.
 *
 * Catches: a create schema that strips or passes what it does not know (`z.object` for `z.strictObject`).
 */
import { newNumber, type Tenant } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();
let tenant: Tenant;
beforeAll(async () => {
  tenant = await engine.tenant();
});

it.each(['code', 'otp', 'token', 'status', 'id', 'maxChecks', 'valid', 'approvedAt', 'attempts'])(
  'a create with its own %s is refused, and sends nothing',
  async (field) => {
    const to = newNumber();
    const answer = await tenant.create({ to, [field]: '123456' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: field }] } });
    expect((await tenant.lookup(to)).body).toMatchObject({ sends: { used: 0 } });
  },
);

it('a send with its own code is refused', async () => {
  const { id, code } = await tenant.start();
  const answer = await tenant.call(`POST /v1/verifications/${id}/sends`, { code: '123456' });
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'code' }] } });
  expect((await tenant.check(id, code)).body['valid']).toBe(true);
});
