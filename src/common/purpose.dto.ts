import { z } from 'zod';
import { purposePattern } from './purpose';

export const purposeName = z
  .string()
  .regex(
    purposePattern,
    'Must be 1 to 32 lower-case letters, digits, _ or -, and start with a letter or digit.',
  );
