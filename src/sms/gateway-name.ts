import { z } from 'zod';

/** As a caller names a gateway in a query; whether there is one of this name is another question. */
export const gatewayName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'Use the name of a gateway as in the routes, e.g. twilio.');
