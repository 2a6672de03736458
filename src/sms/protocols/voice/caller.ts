import type { Channel } from '../../../common/channel';
import type { SenderList } from '../../senders/sender';
import { absent } from '../settings';

interface Callers<From> {
  readonly from: From;
  readonly voiceFrom?: From | undefined;
}

const hasPlus = (from: string): boolean => from.startsWith('+');

/** The number that calls: one of its own, else the sender of texts when that is a number. */
export function callerOf({ from, voiceFrom }: Callers<string>, isNumber = hasPlus): string | null {
  return voiceFrom ?? (isNumber(from) ? from : null);
}

/** For `missing`: the setting that a gateway lacks to make calls, to whatever country. */
export function missingCaller({ from, voiceFrom }: Callers<SenderList>, isNumber = hasPlus): string[] {
  return voiceFrom !== undefined || from.some((one) => isNumber(one.from)) ? [] : ['voiceFrom'];
}

/** `missing` of a gateway that texts, calls and sends WhatsApp messages by a template. */
export function missingFor<Settings extends Callers<SenderList> & { readonly whatsappFrom?: unknown }>(
  channel: Channel,
  settings: Settings,
  template: keyof Settings & string,
  isNumber = hasPlus,
): string[] {
  if (channel === 'voice') return missingCaller(settings, isNumber);
  return channel === 'whatsapp' ? absent(settings, 'whatsappFrom', template) : [];
}
