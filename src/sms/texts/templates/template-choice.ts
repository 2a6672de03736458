/** Which of an application's templates is used. */
import type { Template } from './template';
import type { Channel } from '../../../common/channel';
import { confirmsPayment, showsDigest } from './template-rules';

export interface TemplateUse {
  readonly channel: Channel;
  readonly purpose: string;
  /** Whether the code confirms a payment. */
  readonly payment: boolean;
  /** Whether it is bound to a digest that may be shown. */
  readonly digest: boolean;
}

/**
 * The templates that may be used, whatever the language. One that shows the payment serves codes that confirm
 * one and no others, one that shows a digest no code without; without a channel it is for what is written, SMS and
 * e-mail.
 */
export function templatesFor(templates: readonly Template[], use: TemplateUse): Template[] {
  return templates.filter(
    ({ purpose, channel, text }) =>
      (purpose === undefined || purpose === use.purpose) &&
      (channel === undefined ? isWritten(use.channel) : channel === use.channel) &&
      confirmsPayment(text) === use.payment &&
      (use.digest || !showsDigest(text)),
  );
}

const isWritten = (channel: Channel): boolean => channel === 'sms' || channel === 'email';

/**
 * The most specific one: a purpose counts more than a channel, a channel more than a language, `es-MX` more than
 * `es`; of equals the one that shows the digest, then the first.
 */
export function mostSpecific(templates: readonly Template[], locale: string): Template | null {
  let best: Template | null = null;
  for (const template of templates) {
    if (!speaks(template, locale)) continue;
    if (best === null || rank(template) > rank(best)) best = template;
  }
  return best;
}

/** `pt` serves `pt-BR` too. */
function speaks({ locale }: Template, wanted: string): boolean {
  if (locale === undefined) return true;
  return `${wanted}-`.toLowerCase().startsWith(`${locale}-`.toLowerCase());
}

/** Longer than any tag. */
const PLACE = 100;

function rank({ purpose, channel, locale = '', text }: Template): number {
  const place = (purpose === undefined ? 0 : PLACE * 2) + (channel === undefined ? 0 : PLACE);
  return place + locale.length + (showsDigest(text) ? 0.5 : 0);
}
