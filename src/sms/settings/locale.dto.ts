import { z } from 'zod';
import { MAX_LOCALE_LENGTH, readLocale } from '../texts/locale-tag';

/** A language, wherever one is accepted. Goes on in its canonical form. */
export const localeSchema = z
  .string()
  .max(MAX_LOCALE_LENGTH, 'A language tag is shorter.')
  .refine((written) => readLocale(written) !== null, 'Use a BCP 47 language tag, e.g. es or es-MX.')
  .overwrite((written) => readLocale(written) ?? written)
  .describe(
    'BCP 47 language tag (`es-MX`); also as Java, Android or POSIX write it (`pt_BR`, `zh-rTW`, `iw`)',
  );
