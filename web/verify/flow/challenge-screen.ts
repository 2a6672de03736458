import type { Flow } from './flow';

/** What a risk check wants before a message goes out: solved, and then asked again for what was refused. */
export class ChallengeScreen {
  private stopWork: () => void = () => undefined;

  constructor(private readonly flow: Flow) {}

  stop(): void {
    this.stopWork();
  }

  start(): void {
    const { view, ui, host } = this.flow;
    const { challenge } = view;
    this.stopWork();
    // What was not taken once may not be taken for ever: the person decides whether to try again.
    if (challenge === null || ui.problem !== null) return;
    this.flow.set({ widget: !('puzzle' in challenge) });
    this.stopWork = host.work(view, challenge, {
      place: () => host.root.querySelector('.sd-widget'),
      slow: () => this.flow.set({ slow: true }),
      failed: () => this.flow.fail('challenge_failed'),
      answered: (answer) => void this.flow.answer(answer),
    });
  }
}
