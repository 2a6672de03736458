/**
 * R23. One request carries many guesses and counts as one. Seen in Zimbra (CVE-2026-93637, by aliases of GraphQL): the
 * limit of five a minute became five thousand.
 *
 * Catches: a parser that takes the last of two keys; a check schema that takes a list. For every field of every call:
 * R09.
 */
import { type Answer, toAnswer, wordFor, wrongCode } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();
const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

it('a list, a repeated key, a form or a query with many guesses is refused and none is judged', async () => {
  const tenant = await engine.tenant();
  const { id, to, code } = await tenant.start();
  const other = wrongCode(code);
  const send = async (type: string, body: string, query = ''): Promise<Answer> => {
    const url = `${engine.apps[0]!.url}/v1/verifications/${id}/checks${query}`;
    const headers = { authorization: `Bearer ${tenant.key}`, 'content-type': type };
    return toAnswer(await fetch(url, { method: 'POST', headers, body }));
  };
  const attacks: [string, string, string][] = [
    [JSON_TYPE, `[{"code":"${other}"},{"code":"${code}"}]`, '400 invalid_request'],
    [JSON_TYPE, `{"code":"${other}","code":"${code}"}`, '400 invalid_request'],
    [JSON_TYPE, `{"code":"${code}","\\u0063ode":"${other}"}`, '400 invalid_request'],
    [JSON_TYPE, `{"code":["${other}","${code}"]}`, '400 invalid_request'],
    [JSON_TYPE, `{"code":{"0":"${other}","1":"${code}"}}`, '400 invalid_request'],
    [JSON_TYPE, `{"codes":["${other}","${code}"]}`, '400 invalid_request'],
    [JSON_TYPE, `{"code":"${other} ${code}"}`, '400 invalid_request'],
    [JSON_TYPE, `{"code":"${other}"}{"code":"${code}"}`, '400 invalid_request'],
    [FORM_TYPE, `code=${other}&code=${code}`, '415 unsupported_media_type'],
    ['application/x-ndjson', `{"code":"${other}"}\n{"code":"${code}"}`, '415 unsupported_media_type'],
    [
      'application/graphql',
      `{a:check(code:"${other}") b:check(code:"${code}")}`,
      '415 unsupported_media_type',
    ],
  ];
  for (const [type, body, word] of attacks) {
    expect([body, wordFor(await send(type, body))]).toEqual([body, word]);
  }
  expect((await tenant.read(id)).body).toMatchObject({ status: 'pending', checks: { used: 0 } });
  expect((await tenant.lookup(to)).body).toMatchObject({ failures: 0 });
  expect((await tenant.check(id, code)).body).toMatchObject({ valid: true, checks: { used: 1 } });
});
