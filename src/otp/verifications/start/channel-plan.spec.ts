import type { Channel } from '../../../common/channel';
import { DomainError } from '../../../common/errors';
import { planChannels, requireChannel } from './channel-plan';

const all = (): boolean => true;
const only =
  (...offered: Channel[]) =>
  (channel: Channel): boolean =>
    offered.includes(channel);
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
    const channels = [wait('sms'), wait('whatsapp')];
    expect(problem(() => planChannels({ channels }, undefined, only()))?.path).toBe('channels.1.channel');
    expect(problem(() => planChannels({ channel: 'email' }, undefined, all))?.path).toBe('email');
    expect(problem(() => requireChannel('email', 'channel', all, null))?.path).toBe('email');
    expect(problem(() => requireChannel('sms', 'channel', only(), null))).toBeUndefined();
  });
});
