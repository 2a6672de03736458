import { gatewaysOf } from '../config/routes';
import type { Settings } from '../config/settings';
import { isTryable } from './hosted/try/is-tryable';

/** North American 555-01xx: reserved for fiction, belongs to nobody. */
const EXAMPLE_NUMBER = '+12015550123';

/** What a developer sees after every start: the address, the keys, and two calls to try. */
export function welcome(settings: Settings): string {
  const { server, secrets, sms } = settings;
  const url = server.publicUrl;
  const key = secrets.bootstrapApiKey ?? '';
  const toSandbox = gatewaysOf(sms.routes.sms).includes('console');
  const call = (path: string) => `curl -s "${url}/v1/${path}" -H 'Authorization: Bearer ${key}'`;
  const json = `-H 'Content-Type: application/json'`;
  const number = toSandbox ? EXAMPLE_NUMBER : '+…your phone…';
  return [
    '',
    `  Sixdigit is ready: ${url}   (API: ${url}/docs)`,
    '',
    `  API key    ${key}`,
    `  Admin key  ${secrets.adminKey ?? ''}`,
    ...(isTryable(settings)
      ? [`  Try it     ${new URL('/try', url).href}   (what people see, and their phone)`]
      : []),
    '',
    `  Send a code${toSandbox ? ' into the sandbox inbox' : ''}:`,
    `  V=$(${call('verifications')} ${json} -H 'Prefer: wait=5' -d '{"to":"${number}"}' | tee /dev/stderr | sed -E 's/.*"id":"([^"]+)","status".*/\\1/')`,
    '',
    '  Check it:',
    toSandbox
      ? `  C=$(${call(`sandbox/messages?limit=1`)} | sed -E 's/.*"code":"([^"]+)".*/\\1/'); ${checkCall('$C')}`
      : `  ${checkCall('THE-CODE')}`,
    '',
    '',
  ].join('\n');

  function checkCall(code: string): string {
    return `${call('verifications/$V/checks')} ${json} -d '{"code":"'${code}'"}'`;
  }
}
