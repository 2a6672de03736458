import type { GatewayReport } from '../../sms/routing/gateway-report';
import { gatewayHealth, routedChannels, shownSender } from './gateway-view';

const report = (change: Partial<GatewayReport> = {}): GatewayReport => ({
  name: 'vonage-sms',
  title: 'Vonage',
  channels: ['sms'],
  active: 0,
  waiting: 0,
  pauses: [],
  duplicates: 0,
  latencyMs: { p50: 80, p95: 200 },
  calls: 3,
  successRate: 2 / 3,
  destinations: [],
  ...change,
});

describe('what an operator sees of a gateway', () => {
  it('names the channels and countries whose routes lead to it', () => {
    const route = (country: string, ...names: string[]) => ({
      country,
      tiers: [names.map((name) => ({ name, weight: 1 }))],
    });
    const routes = {
      sms: [route('ES', 'a', 'b'), route('*', 'b')],
      voice: [route('*', 'a')],
      whatsapp: [],
      email: [],
    };
    expect(routedChannels('a', routes)).toEqual([
      { channel: 'sms', countries: ['ES'] },
      { channel: 'voice', countries: ['*'] },
    ]);
  });

  // Catches: a full phone number in an answer.
  it.each([
    ['+12015550123', '+*******0123'],
    ['12015550123', '*******0123'],
    ['ACME', 'ACME'],
    ['12345678', '12345678'],
    ['no-reply@acme.example', 'no-reply@acme.example'],
    [null, null],
  ])('shows the sender %s of a pause as %s', (sender, shown) => {
    expect(shownSender(sender)).toBe(shown);
  });

  // Catches: an instance that is taken out of service because one vendor is down.
  it('never makes an instance unready', () => {
    const broken = {
      country: 'ES',
      channel: 'sms',
      cause: 'calls',
      retryAt: null,
      calls: 9,
      successRate: 0,
    } as const;
    const destinations = [
      { ...broken, state: 'open' as const },
      { ...broken, country: 'GB', state: 'half-open' as const },
      { ...broken, country: 'FR', state: 'closed' as const },
    ];
    const reports = [
      report({
        destinations,
        successRate: 0,
        pauses: [{ channel: 'sms', sender: null, until: new Date(0) }],
      }),
      report({ name: 'mute' }),
    ];
    const balanceOf = (name: string) => (name === 'mute' ? null : { micros: 1_500_000, currency: 'EUR' });
    const health = gatewayHealth(reports, balanceOf);
    expect(health.details).not.toHaveProperty('muteBalance');
    expect(health).toMatchObject({
      ok: true,
      details: {
        vonageSmsBreakersOpen: 2,
        vonageSmsSuccessRate: 0,
        vonageSmsP50Ms: 80,
        vonageSmsP95Ms: 200,
        vonageSmsPaused: true,
        vonageSmsBalance: '1.500000 EUR',
        muteSuccessRate: 0.6667,
      },
    });
  });
});
