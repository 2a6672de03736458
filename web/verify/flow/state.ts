import type { View } from '../contract';
import type { Ui } from '../views/ui';

/**
 * What becomes of that which was typed when a view arrives: within a screen everything stays; another screen begins
 * afresh. A view that was only asked for (after sleep, or when a time is over) keeps the problem that is on show.
 */
export function uiFor(ui: Ui, before: View, next: View, wasAsked: boolean): Ui {
  const isSame = before.screen === next.screen;
  const typed = isSame ? ui : { ...ui, number: next.typed ?? ui.number, code: '', echo: null, search: null };
  return {
    ...typed,
    busy: false,
    attempt: ui.attempt + Number(wasAsked),
    trouble: null,
    problem: isSame && !wasAsked ? (ui.problem ?? next.problem) : next.problem,
    country: ui.country ?? next.country,
    slow: false,
    widget: false,
  };
}

/** The next moment at which the view is out of date, as ISO 8601. */
export function staleAt(view: View, now: number): string | null {
  const times = [view.screen === 'code' ? view.expiresAt : null, view.until].flatMap((time) => time ?? []);
  return times.filter((time) => Date.parse(time) > now).sort()[0] ?? null;
}

/** What a page that embeds the form wants to hear of. */
export type Happening =
  | { readonly name: 'sent' }
  | { readonly name: 'approved'; readonly resultToken: string | null }
  | { readonly name: 'failed'; readonly reason: string };

const deadEnds: readonly string[] = ['locked', 'link_expired', 'link_used', 'elsewhere', 'cancelled'];

export function happeningsOf(before: View | null, next: View): Happening[] {
  const found: Happening[] = [];
  if (next.sends > (before?.sends ?? 0)) found.push({ name: 'sent' });
  if (next.screen === before?.screen) return found;
  if (next.screen === 'done') found.push({ name: 'approved', resultToken: next.resultToken });
  if (deadEnds.includes(next.screen)) found.push({ name: 'failed', reason: next.screen });
  if (next.screen === 'ended') found.push({ name: 'failed', reason: next.ended ?? 'expired' });
  return found;
}
