import type { FieldProblem } from '../../common/errors';
import type { OfferedSenders, SenderSetting } from '../senders/sender-choice';

/** A gateway as senders see it. */
export interface SendingGateway {
  readonly name: string;
  readonly senders: OfferedSenders;
}

/** Senders that an application may not use, and those that others hide. */
export function senderProblems(
  settings: readonly SenderSetting[],
  gateways: readonly SendingGateway[],
): FieldProblem[] {
  const places = settings.map(placeOf);
  return settings.flatMap((setting, index) => {
    const path = `settings.senders.${index}`;
    const first = places.indexOf(places[index] ?? '');
    if (first < index)
      return [
        { path, message: `Merge it with senders.${first}: one text may hold a sender for each country.` },
      ];
    const { gateway: name, channel = 'sms', from } = setting;
    const gateway = gateways.find((one) => one.name === name);
    if (!gateway) {
      const names = gateways.map((one) => one.name).sort();
      return [
        {
          path: `${path}.gateway`,
          message: `There is no such gateway here. There are: ${names.join(', ')}.`,
        },
      ];
    }
    const read = gateway.senders.read(channel, from);
    return read.ok ? [] : [{ path: `${path}.from`, message: `For ${name} it ${read.problem}.` }];
  });
}

function placeOf({ gateway, channel = 'sms', purpose }: SenderSetting): string {
  return JSON.stringify([gateway, channel, purpose]);
}
