/** Settings that many gateways have. */
import { z } from 'zod';

/** Where the API is: another region, a proxy, a test. */
export const baseUrlSetting = (address: string) =>
  z
    .url({ protocol: /^https?$/ })
    .default(address)
    .describe('Address of the API');

/** The keys without a value, of those that are named. */
export function absent<Settings extends object>(
  settings: Settings,
  ...keys: (keyof Settings & string)[]
): string[] {
  return keys.filter((key) => settings[key] === undefined);
}
