import { z } from 'zod';

/** Where the API is: another region, a proxy, a test. */
export const baseUrlSetting = (address: string) =>
  z
    .url({ protocol: /^https?$/ })
    .default(address)
    .describe('Address of the API');
