import { systemClock } from '../../common/clock';
import type { GatewayFeedback } from '../../sms/sms.service';
import { conversionsSince, type Conversions } from './conversions';
import { conversionsJob } from './conversions.job';

const hour = new Date('2026-01-31T12:00:00Z');
const at = (approved: number, expired: number, change: Partial<Conversions> = {}): Conversions => ({
  hour,
  country: 'ES',
  gateway: 'twilio',
  channel: 'sms',
  approved,
  expired,
  ...change,
});

describe('conversions', () => {
  it('are told as far as they are new, per hour, gateway, country and channel', () => {
    const before = [at(3, 1), at(5, 5, { gateway: 'vonage' })];
    const now = [at(4, 1), at(5, 5, { gateway: 'vonage' }), at(0, 2, { country: null })];
    expect(conversionsSince(before, now)).toEqual([at(1, 0), at(0, 2, { country: null })]);
  });

  it('are told at the same rate when there are too many to tell', () => {
    expect(conversionsSince([], [at(3_000, 1_000)])).toEqual([at(375, 125)]);
  });

  it('begin with what the first look found, and tell the good ones first', async () => {
    const looks = [[at(3, 3)], [at(5, 4)]];
    const told: GatewayFeedback[] = [];
    const job = conversionsJob(
      { conversions: async () => looks.shift()! },
      { feedback: (one: GatewayFeedback) => void told.push(one) },
      systemClock,
    );
    await job.run();
    expect(told).toEqual([]);
    await job.run();
    expect(told.map(({ kind }) => kind)).toEqual(['converted', 'converted', 'unconverted']);
    expect(told[0]).toMatchObject({ gateway: 'twilio', country: 'ES', channel: 'sms' });
  });
});
