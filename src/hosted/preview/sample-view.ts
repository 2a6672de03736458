import { aView, madeUpViews } from '../../../web/verify/made-up-views';
import type { Channel, Ended, Problem, Screen, View } from '../../../web/verify/contract';

/** What is to be seen; everything else is made up, and always the same. */
export interface Sample {
  readonly screen: Screen;
  readonly problem?: Problem | undefined;
  readonly ended?: Ended | undefined;
  readonly channel?: Channel | undefined;
  readonly transaction?: View['transaction'] | undefined;
}

/** A screen as a person could see it who is in the middle of it. */
export function sampleView(sample: Sample, shown: Pick<View, 'brand' | 'locale' | 'direction'>): View {
  const { screen, problem = null, ended = 'expired', channel = 'sms', transaction = null } = sample;
  const name = screen === 'ended' ? `ended, ${ended}` : screen.replace('_', ' ');
  return {
    ...(madeUpViews[name] ?? aView({ screen })),
    ...shown,
    channel,
    transaction,
    problem,
    email: channel === 'email' ? 'a•••@mail.example' : null,
    ...(problem === null ? {} : { typed: screen === 'code' ? '123456' : '612 34', checksLeft: 3 }),
  };
}
