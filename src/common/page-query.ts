import { z } from 'zod';
import { decodeCursor } from './page-cursor';

/** `limit` and `cursor` of a list, for its query schema; the cursor is turned into the place it stands for. */
export const pageFields = {
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z
    .string()
    .max(200)
    .transform((cursor, context) => {
      const position = decodeCursor(cursor);
      if (position) return position;
      context.addIssue({ code: 'custom', message: 'Must be the nextCursor of an earlier answer.' });
      return z.NEVER;
    })
    .optional(),
};
