import type { View } from '../contract';
import { clock, plain } from '../views/text';
import type { Words } from '../words';

/** Says what the eye sees anyway, in the one place that screen readers watch; a countdown is said at its ends only. */
export class Speech {
  constructor(
    private readonly root: Element,
    private readonly words: Words,
  ) {}

  say(what: 'sent' | 'calling' | 'checking' | 'ready'): void {
    this.write(what === 'ready' ? this.words.resend.ready : this.words.spoken[what]);
  }

  sent({ channel }: View): void {
    this.say(channel === 'voice' ? 'calling' : 'sent');
  }

  sentAgain(view: View): void {
    if (view.channel === 'voice' || view.sentAt === null) return this.sent(view);
    const time = clock(view.sentAt, view.locale, { enhanced: true });
    this.write(plain(this.words.resend.done, { time }));
  }

  private write(text: string): void {
    const place = this.root.querySelector('.sd-card > .sd-spoken');
    if (place !== null) place.textContent = text;
  }
}
