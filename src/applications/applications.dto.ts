import { z } from 'zod';
import { text } from '../common/zod-text';
import type { Page } from '../common/page-cursor';
import { decodeCursor } from '../common/page-cursor';
import type { Application, ApplicationSettings } from './application';
import { applicationSettings, applicationSettingsPatch } from './settings/application-settings.dto';
import { noticesFor, type Notice } from './settings/notices';

export const createApplicationBody = z.strictObject({
  name: text({ max: 100 }),
  settings: applicationSettings.optional(),
});
export type CreateApplicationBody = z.output<typeof createApplicationBody>;

export const patchApplicationBody = z.strictObject({
  name: text({ max: 100 }).optional(),
  settings: applicationSettingsPatch.optional(),
});
export type PatchApplicationBody = z.output<typeof patchApplicationBody>;

/** `limit` and `cursor` of a list; the cursor is turned into the place it stands for. */
export const pageQuery = z.strictObject({
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
});
export type PageQuery = z.output<typeof pageQuery>;

/** An application as the admin API answers it. */
export interface ApplicationAnswer {
  readonly id: string;
  readonly name: string;
  /** What was set; defaults are not repeated. */
  readonly settings: ApplicationSettings;
  /** Purposes in use so far. */
  readonly purposes: readonly string[];
  readonly createdAt: string;
  readonly notices: readonly Notice[];
}

export function toApplicationAnswer(application: Application): ApplicationAnswer {
  const { id, name, settings, purposes, createdAt } = application;
  return { id, name, settings, purposes, createdAt: createdAt.toISOString(), notices: noticesFor(settings) };
}

export function toPageAnswer<T, Answer>(page: Page<T>, answer: (row: T) => Answer): Page<Answer> {
  return { data: page.data.map(answer), nextCursor: page.nextCursor };
}
