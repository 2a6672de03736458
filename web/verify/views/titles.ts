import type { View } from '../contract';
import type { Words } from '../words';
import { plain } from './text';

/** Of a screen: its heading, and in front of the brand the title of the window. */
export function headingOf({ screen, ended }: Pick<View, 'screen' | 'ended'>, words: Words): string {
  if (screen === 'ended') return words.ended[ended ?? 'expired'];
  if (screen === 'elsewhere' || screen === 'cancelled') return words.link[screen];
  if (screen === 'link_expired') return words.link.expired;
  return screen === 'link_used' ? words.link.used : words[screen].title;
}

/** What is to do, and for whom; an error is told first. */
export function titleOf(view: View, words: Words, hasProblem = view.problem !== null): string {
  const title = [headingOf(view, words), view.brand.name].filter((part) => part !== '').join(' – ');
  return hasProblem ? plain(words.errorTitle, { title }) : title;
}
