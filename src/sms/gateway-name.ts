import { z } from 'zod';

/** As a caller names a gateway, or an account of one, in a query; whether there is one is another question. */
export const gatewayName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,39}(\.[a-z0-9-]{1,62})?$/,
    'Use the name of a gateway as in the routes, e.g. twilio.',
  );
