import { z } from 'zod';
import { logoUrl } from '../brand/logo/logo-file';
import { text } from '../common/zod-text';
import type { Page } from '../common/page-cursor';
import { pageFields } from '../common/page-query';
import type { Application } from './application';
import { applicationSettings, applicationSettingsPatch } from './settings/application-settings.dto';
import { noticeRules, noticesFor } from './settings/notices';

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
export const pageQuery = z.strictObject(pageFields);
export type PageQuery = z.output<typeof pageQuery>;

const notice = z
  .strictObject({ setting: z.string(), rule: z.enum(noticeRules), message: z.string() })
  .describe('A setting that is allowed but weaker than a standard asks for');

/** An application as the admin API answers it. */
export const applicationResponse = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    settings: applicationSettings.describe('What was set; defaults are not repeated'),
    purposes: z.array(z.string()).describe('Purposes in use so far'),
    logo: z.string().nullable().describe('Path of its logo on this server; null: none'),
    createdAt: z.iso.datetime(),
    notices: z.array(notice),
  })
  .meta({ id: 'Application' });
export type ApplicationAnswer = z.infer<typeof applicationResponse>;

export const applicationListResponse = z
  .strictObject({ data: z.array(applicationResponse).readonly(), nextCursor: z.string().nullable() })
  .meta({ id: 'ApplicationList' });

export function toApplicationAnswer(application: Application): ApplicationAnswer {
  const { id, name, settings, purposes, logo, createdAt } = application;
  return {
    id,
    name,
    // What is stored came through this schema; it only says nothing about lists that must not change.
    settings: settings as z.output<typeof applicationSettings>,
    purposes: [...purposes],
    logo: logoUrl(id, logo, ''),
    createdAt: createdAt.toISOString(),
    notices: noticesFor(settings),
  };
}

export function toPageAnswer<T, Answer>(page: Page<T>, answer: (row: T) => Answer): Page<Answer> {
  return { data: page.data.map(answer), nextCursor: page.nextCursor };
}
