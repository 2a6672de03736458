import { channels, type Channel } from '../../../common/channel';
import { DomainError } from '../../../common/errors';
import { planChannels, requireChannel, type ChannelRules } from './channel-plan';

const all: ChannelRules = { allowed: channels, isOffered: () => true };
const only = (...offered: Channel[]): ChannelRules => ({
  allowed: channels,
  isOffered: (channel) => offered.includes(channel),
});
const wait = (channel: Channel, waitSeconds = 60) => ({ channel, waitSeconds });

function problem(run: () => unknown): { path: string; message: string } | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error.code).toBe('invalid_request');
    return error.details.errors?.[0];
  }
}

describe('the channels of a verification', () => {
  it('are sms alone unless somebody says otherwise', () => {
    expect(planChannels({}, undefined, only())).toEqual([{ channel: 'sms', waitMs: 0 }]);
    expect(planChannels({}, [], all)).toEqual([{ channel: 'sms', waitMs: 0 }]);
  });

  it('are those that the call names, in its order, with its waits', () => {
    const asked = [wait('whatsapp', 20), wait('sms', 40), wait('email')];
    expect(planChannels({ channels: asked, email: 'ana@example.com' }, [wait('voice')], all)).toEqual([
      { channel: 'whatsapp', waitMs: 20_000 },
      { channel: 'sms', waitMs: 40_000 },
      { channel: 'email', waitMs: 60_000 },
    ]);
    expect(planChannels({ channel: 'voice' }, [wait('sms')], all)).toEqual([{ channel: 'voice', waitMs: 0 }]);
  });

  it("are else the application's own, without those that lead nowhere", () => {
    const own = [wait('whatsapp'), wait('email'), wait('sms'), wait('voice')];
    expect(planChannels({}, own, only('email', 'voice')).map(({ channel }) => channel)).toEqual([
      'sms',
      'voice',
    ]);
    expect(planChannels({}, [wait('email')], all)).toEqual([{ channel: 'sms', waitMs: 0 }]);
  });

  it('must lead somewhere when the call names them; the error says where and what to do', () => {
    expect(problem(() => planChannels({ channel: 'voice' }, undefined, only()))).toEqual({
      path: 'channel',
      message: expect.stringContaining('VOICE_ROUTES'),
    });
    const asked = [wait('sms'), wait('whatsapp')];
    expect(problem(() => planChannels({ channels: asked }, undefined, only()))?.path).toBe(
      'channels.1.channel',
    );
    expect(problem(() => planChannels({ channel: 'email' }, undefined, all))?.path).toBe('email');
    expect(problem(() => requireChannel('email', 'channel', all, null))?.path).toBe('email');
    expect(problem(() => requireChannel('sms', 'channel', only(), null))).toBeUndefined();
  });

  // Catches: a profile without e-mail under which a call, or the usual order, still sends one.
  it('must be allowed by the policy, whoever names them', () => {
    const phone = ['voice', 'whatsapp'] as const;
    const rules: ChannelRules = { allowed: phone, isOffered: () => true };
    for (const ask of [{ channel: 'email' }, { channels: [wait('email')] }, { channel: 'sms' }] as const)
      expect(problem(() => planChannels(ask, undefined, rules))?.message).toContain('voice, whatsapp');
    expect(planChannels({ email: 'ana@example.com' }, [wait('email'), wait('whatsapp')], rules)).toEqual([
      { channel: 'whatsapp', waitMs: 60_000 },
    ]);
  });

  it('are the first allowed one where a text is not', () => {
    const rules: ChannelRules = { allowed: ['voice', 'email'], isOffered: () => true };
    expect(planChannels({}, undefined, rules)).toEqual([{ channel: 'voice', waitMs: 0 }]);
    expect(problem(() => planChannels({}, undefined, { ...rules, isOffered: () => false }))?.path).toBe(
      'channel',
    );
  });
});
