import { z } from 'zod';
import { channels } from '../../common/channel';
import { defineGateway } from '../gateway';
import { untilAborted } from '../protocols/until-aborted';

/** Sends nothing: every message of every channel goes into the sandbox inbox, where `GET /v1/sandbox/messages` shows it. */
export default defineGateway({
  name: 'console',
  channels,
  validity: Object.fromEntries(channels.map((channel) => [channel, { none: 'Nothing waits there.' }])),
  docs: {
    title: 'Sandbox inbox',
    verified: 'Everything: it is part of the product.',
    receipts: 'None: what is in the inbox has arrived.',
  },
  config: z.strictObject({}),
  create: (_config, { sandbox }) => ({
    async send(message, signal) {
      await untilAborted(sandbox.add(message), signal);
      return { outcome: 'accepted', reference: message.id };
    },
  }),
});
