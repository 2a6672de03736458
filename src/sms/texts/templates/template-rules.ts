/** What a template must be, whoever uses it: checked where it comes in. */
import type { Template } from './template';
import { holdsHidden, isVisibleLine } from '../visible-text';
import { parseTemplate, type Variable, type Variant } from './template-syntax';

export const MAX_TEMPLATES = 50;
/** UTF-16 units of the template itself. */
export const MAX_TEMPLATE_LENGTH = 1_000;
export const MAX_SUBJECT_LENGTH = 150;

export interface TemplateIssue {
  readonly field: 'text' | 'subject' | 'channel';
  /** With the remedy. */
  readonly message: string;
}

/** A payment shows all three: the person must see what the code confirms (PSD2 RTS, article 5). */
const paymentVariables = ['amount', 'currency', 'payee'] as const satisfies readonly Variable[];

export function templateIssues(template: Template): TemplateIssue[] {
  const text = textProblem(template);
  const subject = subjectProblem(template);
  return [
    ...(template.channel === 'whatsapp' ? [{ field: 'channel' as const, message: WHATSAPP }] : []),
    ...(text === null ? [] : [{ field: 'text' as const, message: text }]),
    ...(subject === null ? [] : [{ field: 'subject' as const, message: subject }]),
  ];
}

const WHATSAPP = 'Templates for WhatsApp are set up at its vendor: leave this one out.';

function textProblem({ text, channel }: Template): string | null {
  // Lines may end; nothing else of what cannot be seen belongs into a text.
  if (text.split('\n').some(holdsHidden)) return 'Remove control characters and direction marks.';
  const parsed = parseTemplate(text);
  if ('problem' in parsed) return parsed.problem;
  const { variants } = parsed;
  if (!variants.every((variant) => count(variant, 'code') > 0)) return 'Show {code} in every branch.';
  if (channel === 'voice' && !variants.every((variant) => count(variant, 'code') > 1)) {
    return 'Say {code} twice: nobody writes it down the first time.';
  }
  const shown = new Set(variants.map(paymentShown));
  if (shown.has('some') || shown.size > 1) {
    return 'Show {amount}, {currency} and {payee} in every branch, or none of them.';
  }
  if (new Set(variants.map((variant) => count(variant, 'digest') > 0)).size > 1)
    return 'Show {digest} in every branch, or in none.';
  return null;
}

function subjectProblem({ subject, text, channel }: Template): string | null {
  if (subject === undefined) return null;
  if (channel !== undefined && channel !== 'email') return 'Only an e-mail has a subject: remove it.';
  if (!isVisibleLine(subject)) return 'Write one line of visible text.';
  const parsed = parseTemplate(subject);
  if ('problem' in parsed) return parsed.problem;
  if (parsed.variants.some((variant) => count(variant, 'code') > 0)) {
    return 'Remove {code}: subjects show on locked screens and stand in logs.';
  }
  if (parsed.variants.some((variant) => count(variant, 'digest') > 0))
    return 'Remove {digest}: show it in the text.';
  const isForPayments = confirmsPayment(text);
  if (!isForPayments && parsed.variants.some((variant) => paymentShown(variant) !== 'none')) {
    return 'Remove {amount}, {currency} and {payee}, or show them in the text too.';
  }
  return null;
}

/** Whether a template is for codes that confirm a payment; the others are for all other codes. */
export function confirmsPayment(text: string): boolean {
  const parsed = parseTemplate(text);
  return !('problem' in parsed) && parsed.variants.every((variant) => paymentShown(variant) === 'all');
}

/** Whether a template is for codes that are bound to a digest, and shows it; the others serve those codes too. */
export function showsDigest(text: string): boolean {
  // Most templates do not speak of it, and need no reading.
  if (!text.includes('digest')) return false;
  const parsed = parseTemplate(text);
  return !('problem' in parsed) && parsed.variants.some((variant) => count(variant, 'digest') > 0);
}

function paymentShown(variant: Variant): 'all' | 'some' | 'none' {
  const shown = paymentVariables.filter((name) => count(variant, name) > 0).length;
  if (shown === 0) return 'none';
  return shown === paymentVariables.length ? 'all' : 'some';
}

function count(variant: Variant, name: Variable): number {
  return variant.filter((piece) => 'variable' in piece && piece.variable === name).length;
}
