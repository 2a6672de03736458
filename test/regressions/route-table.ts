import type { Scope } from '../../src/access/principal';

/**
 * Every route of the server, with what it takes and whom it answers how. `route-table.e2e-spec.ts` compares it with the
 * booted app and with the API's document, and calls every row: add a line for a route that you add.
 */
export interface RouteRow {
  /** As the router writes it. HEAD goes with GET. */
  readonly route: string;
  /** Which key opens it: one with this scope, the operator's, either, or none. */
  readonly opens: Scope | 'operator' | `operator or ${Scope}` | 'anybody';
  /** For R06: the body of a guess, where the route takes a code. */
  readonly guess?: (code: string, to: string) => object;
  /** Says why a guess was not evaluated to nobody: it is answered like a wrong one. */
  readonly hidesWhy?: true;
  /**
   * What the owner of another application gets for what is not theirs: this refusal, or `own`, an answer without
   * anything of the other one. Absent where no application may call, or where there is nothing to own.
   */
  readonly otherTenant?:
    '404 verification_not_found' | '404 hosted_verification_not_found' | '404 not_found' | 'own';
  /** For R31, on a GET: why it may write all the same. */
  readonly writes?: string;
}

const write = 'verifications:write';
const read = 'verifications:read';
const notFound = '404 verification_not_found';

export const routeTable: readonly RouteRow[] = [
  { route: 'POST /v1/verifications', opens: write, otherTenant: 'own' },
  { route: 'GET /v1/verifications', opens: read, otherTenant: 'own' },
  { route: 'GET /v1/verifications/:id', opens: read, otherTenant: notFound },
  {
    route: 'POST /v1/checks',
    opens: write,
    otherTenant: 'own',
    guess: (code, to) => ({ code, to }),
    hidesWhy: true,
  },
  {
    route: 'POST /v1/verifications/:id/checks',
    opens: write,
    otherTenant: notFound,
    guess: (code) => ({ code }),
  },
  { route: 'POST /v1/verifications/:id/sends', opens: write, otherTenant: notFound },
  { route: 'POST /v1/verifications/:id/cancel', opens: write, otherTenant: notFound },
  { route: 'POST /v1/recipients/lookup', opens: 'recipients:unlock', otherTenant: 'own' },
  { route: 'POST /v1/recipients/unlock', opens: 'recipients:unlock', otherTenant: 'own' },
  { route: 'POST /v1/phone-numbers/validate', opens: read },
  { route: 'POST /v1/decisions/preview', opens: read, otherTenant: 'own' },
  { route: 'GET /v1/policy', opens: read },
  { route: 'POST /v1/blocks', opens: 'limits:write', otherTenant: 'own' },
  { route: 'POST /v1/blocks/lookup', opens: 'limits:write', otherTenant: 'own' },
  { route: 'GET /v1/blocks', opens: 'limits:write', otherTenant: 'own' },
  { route: 'GET /v1/blocks/:id', opens: 'limits:write', otherTenant: '404 not_found' },
  { route: 'DELETE /v1/blocks/:id', opens: 'limits:write', otherTenant: '404 not_found' },
  { route: 'GET /v1/audit/events', opens: 'audit:read', otherTenant: 'own' },
  { route: 'GET /v1/sandbox/messages', opens: 'sandbox:read', otherTenant: 'own' },
  { route: 'POST /v1/messages/preview', opens: 'messages:preview' },
  { route: 'GET /v1/statistics', opens: 'operator or statistics:read', otherTenant: 'own' },
  { route: 'GET /v1/gateways', opens: 'operator' },
  { route: 'POST /v1/gateways/:name/test', opens: 'operator' },
  { route: 'GET /v1/prices', opens: 'operator' },
  { route: 'PUT /v1/prices', opens: 'operator' },
  { route: 'POST /v1/prices/download', opens: 'operator' },
  { route: 'POST /v1/applications', opens: 'operator' },
  { route: 'GET /v1/applications', opens: 'operator' },
  { route: 'GET /v1/applications/:id', opens: 'operator' },
  { route: 'PATCH /v1/applications/:id', opens: 'operator' },
  { route: 'PUT /v1/applications/:id/logo', opens: 'operator' },
  { route: 'DELETE /v1/applications/:id/logo', opens: 'operator' },
  { route: 'POST /v1/applications/:applicationId/keys', opens: 'operator' },
  { route: 'GET /v1/applications/:applicationId/keys', opens: 'operator' },
  { route: 'GET /v1/applications/:applicationId/keys/:keyId', opens: 'operator' },
  { route: 'DELETE /v1/applications/:applicationId/keys/:keyId', opens: 'operator' },
  { route: 'POST /v1/receipts/:gateway/:secret', opens: 'anybody' },
  {
    route: 'GET /v1/receipts/:gateway/:secret',
    opens: 'anybody',
    writes: 'vendors report by GET; it needs the secret of one message, and changes that delivery alone',
  },
  { route: 'GET /brand/:applicationId/:file', opens: 'anybody' },
  { route: 'POST /v1/hosted-verifications', opens: 'hosted:write', otherTenant: 'own' },
  {
    route: 'POST /v1/hosted-verifications/:id/redeem',
    opens: 'hosted:write',
    otherTenant: '404 hosted_verification_not_found',
  },
  { route: 'POST /v1/hosted-verifications/preview', opens: 'messages:preview' },
  { route: 'GET /verify/:token', opens: 'anybody' },
  { route: 'GET /verify/:token/state', opens: 'anybody' },
  { route: 'POST /verify/:token/:action', opens: 'anybody' },
  { route: 'GET /embed/v1/session', opens: 'anybody' },
  { route: 'POST /embed/v1/session/:action', opens: 'anybody' },
  { route: 'GET /embed/v1/session/words', opens: 'anybody' },
  { route: 'GET /embed/v1/sixdigit-verify.js', opens: 'anybody' },
  { route: 'GET /assets/:name', opens: 'anybody' },
  { route: 'GET /health/live', opens: 'anybody' },
  { route: 'GET /health/ready', opens: 'anybody' },
  { route: 'GET /openapi.json', opens: 'anybody' },
  { route: 'GET /docs', opens: 'anybody' },
];

/** What a row is called with: the ids of somebody's, in the places of the names. */
export function pathOf(row: RouteRow, ids: Readonly<Record<string, string>>): string {
  const owner = row.route.includes('/v1/applications/') ? 'applicationId' : 'blockId';
  const isVerification = !/\/v1\/(applications|blocks)\//.test(row.route);
  const own = isVerification ? ids : { ...ids, id: ids[owner] ?? 'none' };
  return row.route.replace(/:(\w+)/g, (_, name: string) => own[name] ?? 'none');
}
