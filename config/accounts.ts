/** The same vendor twice: `twilio.eu` is the gateway `twilio` with settings of its own, `SMS_TWILIO_EU_…`. */
import { routeVariables } from './channel-routes';
import { type GatewayRegistry, gatewayVariables, prefixOf } from './gateway-env';
import type { EnvText } from './plugin-env';

/** The name of an account behind the point. */
const ACCOUNT = /^[a-z0-9]{1,20}(-[a-z0-9]{1,20}){0,2}$/;

/** `twilio.eu` → `twilio`; a name without an account is its own vendor. */
export function vendorOf(gateway: string): string {
  return gateway.split('.', 1)[0] ?? gateway;
}

/** Whether such an account can be: of a gateway that has settings, and under a name that can stand in a variable. */
export function canBeAccount(name: string, gateways: GatewayRegistry): boolean {
  const vendor = gateways[vendorOf(name)];
  // Without settings there is nothing that two accounts could differ in, and the sandbox is asked for by its name.
  if (!vendor || gatewayVariables(vendor).length === 0) return false;
  return ACCOUNT.test(name.slice(vendor.name.length + 1));
}

export interface ReadAccounts {
  /** All gateways of this build, and the accounts beside them. */
  readonly gateways: GatewayRegistry;
  /** Those that `SMS_ACCOUNTS` names: no route of the server has to. */
  readonly declared: readonly string[];
  readonly problems: readonly string[];
}

/** Accounts exist because a route or `SMS_ACCOUNTS` names them, never because a variable looks like it: it may be a typo. */
export function readAccounts(text: EnvText, gateways: GatewayRegistry): ReadAccounts {
  const declared = namesIn(text['SMS_ACCOUNTS']);
  const routed = Object.values(routeVariables).flatMap((variable) =>
    namesIn(text[variable]).filter(isAccountName),
  );
  const accounts = [...new Set([...declared, ...routed])].filter((name) => canBeAccount(name, gateways));
  const added = accounts.flatMap((name) => {
    const vendor = gateways[vendorOf(name)];
    return vendor ? [[name, { ...vendor, name }] as const] : [];
  });
  const wrong = declared.filter((name) => !accounts.includes(name));
  return {
    gateways: { ...gateways, ...Object.fromEntries(added) },
    declared: declared.filter((name) => accounts.includes(name)),
    problems: [
      ...wrong.map((name) => `SMS_ACCOUNTS: "${name}" is no account; ${accountRemedy(gateways)}`),
      ...accounts.flatMap((name) => sharedVariable(name, gateways)),
    ],
  };
}

function accountRemedy(gateways: GatewayRegistry): string {
  const vendors = Object.values(gateways).filter((gateway) => gatewayVariables(gateway).length > 0);
  const names = vendors.map(({ name }) => name).sort();
  return `write a gateway, a point, and letters, digits or hyphens, such as ${names[0]}.eu; gateways: ${names.join(', ')}`;
}

/** Names of gateways in a list or in routes: what stands between the signs of both. */
function namesIn(text: string | undefined): string[] {
  const words = (text ?? '').toLowerCase().split(/[\s,;|:*]+/);
  return words.filter((word) => word !== '');
}

const isAccountName = (word: string): boolean => word.includes('.');

/** `twilio.voice` would read `SMS_TWILIO_VOICE_FROM`, which is a setting of `twilio`. */
function sharedVariable(account: string, gateways: GatewayRegistry): string[] {
  const prefix = prefixOf(account);
  for (const gateway of Object.values(gateways)) {
    const shared = gatewayVariables(gateway).find(({ name }) => name.startsWith(prefix));
    if (!shared) continue;
    return [
      `${shared.name}: belongs to the gateway "${gateway.name}", so "${account}" cannot be told from it; ` +
        'give the account another name',
    ];
  }
  return [];
}
