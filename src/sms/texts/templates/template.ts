import type { Channel } from '../../../common/channel';

/** A text of the application's own, in ICU message syntax; the most specific that fits is used. */
export interface Template {
  /** Absent: every purpose. */
  readonly purpose?: string;
  /** Absent: every channel that is written (not WhatsApp, whose templates live at the vendor). */
  readonly channel?: Channel;
  /** BCP 47; absent: every language. */
  readonly locale?: string;
  readonly text: string;
  /** Of an e-mail; absent: the built-in one. */
  readonly subject?: string;
}
