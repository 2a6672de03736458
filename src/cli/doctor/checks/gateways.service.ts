import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Settings } from '../../../../config/settings';
import { formatMoney, type Money } from '../../../common/money';
import { HttpError } from '../../../common/outbound/http-client';
import { UndiciHttpClient } from '../../../common/outbound/http-client.service';
import { TcpError } from '../../../common/outbound/tcp-connector';
import { GuardedTcpConnector } from '../../../common/outbound/tcp-connector.service';
import { routedChannels } from '../../../operator/gateways/gateway-view';
import type { Extensions } from '../../../plugins/extensions';
import { definitionOf } from '../../../sms/gateway-definition';
import { about, type Finding } from '../finding';
import { type GatewayTarget, targetOf } from '../gateway-target';
import { judgeClock } from '../judgements';

const area = about('gateways');
/** A Date header has whole seconds. */
const HEADER_UNCERTAIN_MS = 1_000;

export interface Asking {
  readonly settings: Settings;
  readonly extensions: Extensions;
  readonly timeoutMs: number;
}

/** Which gateways are used where. That their settings are whole, the settings' own check has told. */
export function lookAtRoutes({ sms }: Settings): Finding[] {
  const names = Object.keys(sms.gateways);
  if (names.length === 0) return [area.warning('no route names a gateway: set SMS_ROUTES')];
  return names.map((name) => {
    const routes = routedChannels(name, sms.routes);
    const words = routes.map(({ channel, countries }) => `${channel} to ${countries.join(', ')}`).join('; ');
    return area.ok(
      `${name}: ${words === '' ? 'settings are there, routes of applications may name it' : words}`,
    );
  });
}

/** Whether each can be reached from here under the server's own rule for addresses, and what is left on the account. */
export async function askGateways(asking: Asking): Promise<Finding[]> {
  const { allowPrivate } = asking.settings.outbound;
  const http = new UndiciHttpClient({ allowPrivate });
  const tcp = new GuardedTcpConnector({ allowPrivate });
  try {
    const entries = Object.entries(asking.settings.sms.gateways);
    const found = await Promise.all(
      entries.map(([name, config]) => askGateway(name, config, { asking, http, tcp })),
    );
    return found.flat();
  } finally {
    await http.close();
  }
}

interface Tools {
  readonly asking: Asking;
  readonly http: UndiciHttpClient;
  readonly tcp: GuardedTcpConnector;
}

async function askGateway(name: string, config: unknown, tools: Tools): Promise<Finding[]> {
  const target = targetOf(config);
  if (target === null) return [];
  const unresolved = await nameFinding(name, target);
  if (unresolved) return [unresolved];
  const signal = AbortSignal.timeout(tools.asking.timeoutMs);
  try {
    if (target.kind === 'tcp') {
      (await tools.tcp.connect({ host: target.host, port: target.port }, signal)).destroy();
      return [area.ok(`${name}: ${target.host}:${target.port} takes connections`)];
    }
    const { headers } = await tools.http.request({ method: 'GET', url: target.url, signal });
    const reached = area.ok(`${name}: ${target.host} answers`);
    return [reached, ...clockFinding(name, headers['date']), ...(await balanceFinding(name, config, tools))];
  } catch (error) {
    return [area.problem(`${name}: ${reasonOf(error, target.host)}`)];
  }
}

async function nameFinding(name: string, { host }: GatewayTarget): Promise<Finding | null> {
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) return null;
  try {
    await lookup(host);
    return null;
  } catch {
    return about('outbound').problem(`${name}: the name ${host} is not found; check the DNS of this machine`);
  }
}

function clockFinding(name: string, date: string | string[] | undefined): Finding[] {
  const theirs = Date.parse(String(date));
  if (!Number.isFinite(theirs)) return [];
  // It is cut to the second: half of one is right on average.
  return [judgeClock(`that of ${name}`, theirs + HEADER_UNCERTAIN_MS / 2 - Date.now(), HEADER_UNCERTAIN_MS)];
}

async function balanceFinding(
  name: string,
  config: unknown,
  { asking, http, tcp }: Tools,
): Promise<Finding[]> {
  const definition = definitionOf(name, asking.extensions.gateways);
  if (!definition) return [];
  const none = () => Promise.resolve();
  const gateway = definition.create(config, { http, tcp, sandbox: { add: none }, receive: none });
  try {
    const balance = await gateway.balance?.(AbortSignal.timeout(asking.timeoutMs));
    return balance === undefined ? [] : [judgeBalance(name, balance)];
  } catch {
    return [
      area.warning(
        `${name}: it did not tell the balance; the credentials may be wrong: sixdigit gateway test ${name} …`,
      ),
    ];
  } finally {
    await gateway.close?.();
  }
}

function judgeBalance(name: string, balance: Money): Finding {
  const words = `${name}: the balance is ${formatMoney(balance)}`;
  return balance.micros > 0 ? area.ok(words) : area.problem(`${words}; top it up, or no message is sent`);
}

function reasonOf(error: unknown, host: string): string {
  const kind = error instanceof HttpError || error instanceof TcpError ? error.kind : 'connect';
  if (kind === 'forbidden_address')
    return `${host} has a private address; OUTBOUND_ALLOW_PRIVATE=true allows a gateway in your own network`;
  if (kind === 'timeout') return `${host} does not answer in time; check firewall and address`;
  return `${host} cannot be reached (${kind}); check address, firewall and certificate`;
}
