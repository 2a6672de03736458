import { Guesses } from '../code/guesses';
import { readCode } from '../code/read-code';
import type { Action, Problem, View } from '../contract';
import { Card } from '../views/screen';
import { firstUi, type Ui } from '../views/ui';
import { countryOfLanguage } from '../number/countries';
import { patch } from '../patch/patch';
import type { Children } from '../patch/jsx-runtime';
import type { Words } from '../words';
import type { Work } from './challenge';
import { ChallengeScreen } from './challenge-screen';
import { focusProblem, focusScreen, focusWait } from './focus';
import { NumberEntry } from './number-entry';
import { ServerClock } from './server-clock';
import { Speech } from './speech';
import { uiFor } from './state';
import { Ticker } from './ticker';
import { NoView, type Body, type Transport } from './transport';
import { awaitMessage } from './web-otp';

/** The page, or the component: what differs between them. */
export interface FlowHost {
  readonly root: Element;
  readonly transport: Transport;
  readonly words: Words;
  readonly base: string;
  readonly id: string;
  readonly heading: Ui['heading'];
  readonly work: Work;
  /** After each view that differs from the last one. */
  onView(next: View, before: View | null, problem: Problem | null): void;
}

interface Asked {
  readonly action: Action;
  readonly body: Body;
}

const SILENT_MS = 1_000;

/** Leads a person through the screens: one call at a time, and nothing typed is ever lost. */
export class Flow {
  ui: Ui;
  private readonly clock = new ServerClock(() => performance.now());
  private readonly speech: Speech;
  readonly numberEntry: NumberEntry;
  private readonly guesses = new Guesses();
  /** What was asked for last; repeated as it was when no answer came, or when a challenge is solved. */
  private asked: Asked | null = null;
  private stopOtp: () => void = () => undefined;
  private readonly challenges = new ChallengeScreen(this);
  private readonly ticker: Ticker;
  /** Of calls: an answer that a later call has overtaken is not looked at. */
  private turn = 0;
  constructor(
    readonly host: FlowHost,
    public view: View,
  ) {
    this.ui = { ...firstUi(view, host.id), heading: host.heading };
    this.clock.set(view);
    this.speech = new Speech(host.root, host.words);
    this.numberEntry = new NumberEntry(this);
    this.ticker = new Ticker(this.clock, {
      counted: () => this.set({}),
      ready: () => this.becameReady(),
      stale: () => void this.refresh(),
    });
  }

  /** Takes over what is there: what was typed before the script came is kept. */
  start(): void {
    const typed = (name: string) =>
      this.host.root.querySelector<HTMLInputElement>(`input[name=${name}],select[name=${name}]`)?.value;
    const [number, code, country] = ['number', 'code', 'country'].map(typed);
    const chosen = country === '' ? null : country;
    // First as the server rendered it, so that what follows is told apart from it.
    this.set({
      number: number ?? this.ui.number,
      code: code ?? this.ui.code,
      country: chosen ?? this.ui.country ?? countryOfLanguage(navigator.language, this.view.countries),
    });
    this.set({ enhanced: true });
    this.host.onView(this.view, null, this.ui.problem);
    this.enter(null);
  }

  stop(): void {
    this.turn += 1;
    this.leave();
    this.ticker.stop();
    this.numberEntry.stop();
  }

  /** Nobody sees the page now. */
  pause(): void {
    this.stopOtp();
  }

  /** What was under way when the page went to sleep is lost. */
  wake(): Promise<void> {
    this.set({ busy: false });
    return this.refresh();
  }

  set(change: Partial<Ui>): void {
    this.ui = { ...this.ui, ...change, wait: this.clock.secondsUntil(this.view.resendAt) };
    const { view, ui, host } = this;
    patch(host.root, (<Card shown={{ view, ui, words: host.words, base: host.base }} />) as Children);
  }

  /** One lock for the button, the Enter key and the last digit. */
  async act(action: Action, body: Body): Promise<void> {
    if (this.ui.busy) return;
    this.asked = { action, body };
    this.stopOtp();
    this.set({ busy: true, trouble: null });
    const spoken = setTimeout(() => action === 'check' && this.speech.say('checking'), SILENT_MS);
    await this.receive(
      () => this.host.transport.act(action, { ...body, formToken: this.view.formToken }),
      action,
    );
    clearTimeout(spoken);
  }

  /** The view as it is now: after sleep, on coming back, and when a time is over. */
  async refresh(): Promise<void> {
    if (!this.ui.busy && this.view.screen !== 'done')
      await this.receive(() => this.host.transport.state(), null);
  }

  /** What was asked for is asked again as it was: the server knows it by its operation, or by the code. */
  async retry(): Promise<void> {
    const { asked, view, ui } = this;
    const hasFailed = view.screen === 'challenge' && ui.problem !== null;
    this.set({ trouble: null, problem: hasFailed ? null : ui.problem });
    if (asked === null) return this.refresh();
    // An answer that was not taken is not given again: another challenge comes.
    return this.act(asked.action, hasFailed ? { ...asked.body, challenge: '' } : asked.body);
  }

  send(action: 'send' | 'resend', fields: Body): Promise<void> {
    if (this.view.screen === 'number' && (fields['number'] ?? '').trim() === '') {
      this.fail('number_missing');
      return Promise.resolve();
    }
    return this.act(action, { ...fields, operation: this.view.operation });
  }

  async check(typed: string): Promise<void> {
    if (this.ui.busy) return;
    const code = readCode(typed, this.view);
    const known = code === null ? 'code_incomplete' : this.guesses.knownProblem(code);
    if (code === null || known !== undefined) return this.fail(known ?? 'code_incomplete');
    this.guesses.trying(code);
    this.set({ code });
    return this.act('check', { code });
  }

  /** What stands in the field now; a complete code that came by an insertion is checked by itself, once. */
  typeCode(typed: string, isInsertion: boolean): void {
    const code = readCode(typed, this.view);
    this.set({ code: code ?? typed });
    if (code !== null && isInsertion && this.view.autoSubmit && !this.guesses.wasTried(code))
      void this.check(code);
  }

  fail(problem: Problem): void {
    this.set({ problem, attempt: this.ui.attempt + 1 });
    this.host.onView(this.view, this.view, problem);
    focusProblem(this.host.root, problem, this.view);
  }

  private async receive(call: () => Promise<View>, action: Action | null): Promise<void> {
    const turn = (this.turn += 1);
    try {
      const next = await call();
      if (turn === this.turn) this.accept(next, action);
    } catch (error) {
      if (turn === this.turn) await this.withoutView(error instanceof NoView ? error.reason : 'lost', action);
    }
  }

  private async withoutView(reason: NoView['reason'], action: Action | null): Promise<void> {
    if (reason === 'gone') return this.accept({ ...this.view, screen: 'link_expired' }, null);
    this.set({ busy: false });
    if (reason === 'lost') this.set({ trouble: navigator.onLine ? 'unavailable' : 'offline' });
    else if (action === null) return;
    else if (reason === 'busy') this.fail('busy');
    // Another browser went on with the link, or the form is too old: the state says which.
    else await this.refresh();
  }

  private accept(next: View, action: Action | null): void {
    const before = this.view;
    this.view = next;
    this.clock.set(next);
    const isOther = next.screen !== before.screen;
    if ((action !== null || isOther) && next.screen !== 'challenge') this.asked = null;
    this.guesses.learn(action === 'check' ? readCode(this.ui.code, before) : null, next);
    this.set(uiFor(this.ui, before, next, action !== null));
    this.host.onView(next, before, this.ui.problem);
    if (isOther) {
      this.leave();
      focusScreen(this.host.root, next);
    } else if (action !== null) this.afterAnswer(next, before);
    this.enter(before);
  }

  private afterAnswer(next: View, before: View): void {
    if (next.problem !== null) focusProblem(this.host.root, next.problem, next);
    else if (next.sends > before.sends) {
      this.speech.sentAgain(next);
      focusWait(this.host.root);
    }
  }

  /** What a screen does by itself. */
  private enter(before: View | null): void {
    const isNew = before?.screen !== this.view.screen;
    if (this.view.screen === 'challenge' && (isNew || before.operation !== this.view.operation))
      this.challenges.start();
    if (this.view.screen === 'code') {
      if (isNew && before !== null) this.speech.sent(this.view);
      this.stopOtp();
      if (this.view.channel === 'sms') this.stopOtp = awaitMessage((code) => this.typeCode(code, true));
    }
    this.ticker.watch(this.view);
  }

  private leave(): void {
    this.stopOtp();
    this.challenges.stop();
  }

  /** To a challenge. */
  answer(challenge: string): Promise<void> {
    const { operation, sentAt } = this.view;
    const asked = this.asked ?? { action: sentAt === null ? 'send' : 'resend', body: {} };
    return this.act(asked.action, { ...asked.body, operation, challenge });
  }

  /** The button takes the place of the text; other channels may be open now, too. */
  private becameReady(): void {
    if (this.view.screen !== 'code') return;
    this.speech.say('ready');
    void this.refresh();
  }
}
