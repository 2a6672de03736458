import {
  baseUrlSetting,
  callGateway,
  defineGateway,
  idText,
  jsonObject,
  outcomeOfStatus,
  validityField,
  validSeconds,
  vocabulary,
  z,
} from 'sixdigit';

/** Settings are SMS_PIGEON_TOKEN and so on; a mistake stops the start, and is named. */
const config = z.strictObject({
  token: z.string().min(1).describe('Token, from the console of the account').meta({ secret: true }),
  from: z.string().min(1).describe('Sender: a number of the account, or a registered name'),
  baseUrl: baseUrlSetting('https://api.pigeon.example'),
});

/** The vendor's words for what the status does not tell. What is in no row is judged by its status. */
const reasonOf = vocabulary({
  'invalid-number': ['unknown_number'],
  'opted-out': ['unsubscribed'],
  'no-credit': ['balance_empty'],
  content: ['text_refused'],
});

const ttl = validityField('ttl', 30, 86_400);

function read({ status, body }) {
  const { id, error } = jsonObject(body) ?? {};
  if (status >= 200 && status < 300) {
    const reference = idText(id);
    return reference ? { outcome: 'accepted', reference } : { outcome: 'unknown' };
  }
  const reason = reasonOf(error);
  return reason ? { outcome: 'rejected', reason, vendorCode: error } : outcomeOfStatus(status);
}

export default defineGateway({
  apiVersion: 1,
  name: 'pigeon',
  docs: {
    title: 'Pigeon Post',
    verified: 'Against the contract suite; the vendor is made up.',
    receipts: 'It has none.',
  },
  config,
  validity: { sms: ttl },
  create: ({ token, from, baseUrl }, { http }) => ({
    // Number, code and token are in the body and a header: addresses are what gets logged. No retry and no time limit of
    // its own: Sixdigit has both, over all gateways.
    send: (message, signal) =>
      callGateway(
        http,
        {
          method: 'POST',
          url: new URL('/v1/messages', baseUrl).href,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            id: message.id,
            to: message.to,
            from,
            text: message.text,
            ttl: validSeconds(message, ttl),
          }),
          signal,
        },
        read,
      ),
  }),
});
