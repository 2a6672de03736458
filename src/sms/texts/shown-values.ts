/**
 * What a call brings to be shown to a person. The same is asked of it as of templates: it is often what a stranger
 * typed, and people should learn that codes come without links.
 */
import { invalidField } from '../../common/validation';
import type { TextSettings } from '../settings/text-settings';
import { MAX_SHOWN_DIGEST_LENGTH } from './display';
import { holdsLink, LINK_REMEDY } from './templates/link';
import { showsDigest } from './templates/template-rules';
import { isVisibleLine, VISIBLE_LINE_REMEDY } from './visible-text';

interface ShownValues {
  readonly purpose: string;
  readonly transaction?: { readonly payee: string } | null | undefined;
  readonly digest?: string | null | undefined;
}

type ShowSettings = Pick<TextSettings, 'allowLinks' | 'templates'>;

/** @throws DomainError `invalid_request` naming what could not be shown by an application with these settings */
export function requireShowable({ purpose, transaction, digest }: ShownValues, settings: ShowSettings): void {
  const payee = transaction ? linkIssue(transaction.payee, settings) : null;
  if (payee !== null) throw invalidField('transaction.payee', payee);
  if (digest === undefined || digest === null || !isShown(purpose, settings)) return;
  const issue = digestIssue(digest, settings);
  if (issue !== null) throw invalidField('digest', `A template with {digest} shows it. ${issue}`);
}

/** Most digests are shown to nobody, and may be any text. */
function isShown(purpose: string, { templates = [] }: ShowSettings): boolean {
  return templates.some(
    (template) => (template.purpose ?? purpose) === purpose && showsDigest(template.text),
  );
}

/** Why a template cannot show this digest, or null. Also asked at each send: settings may have changed since. */
export function digestIssue(digest: string | null | undefined, settings: ShowSettings): string | null {
  if (digest === undefined || digest === null) return 'There is none.';
  if (!isVisibleLine(digest)) return VISIBLE_LINE_REMEDY;
  if (Array.from(digest).length > MAX_SHOWN_DIGEST_LENGTH)
    return `Use at most ${MAX_SHOWN_DIGEST_LENGTH} characters.`;
  return linkIssue(digest, settings);
}

function linkIssue(value: string, { allowLinks = false }: ShowSettings): string | null {
  return allowLinks || !holdsLink(value) ? null : LINK_REMEDY;
}
