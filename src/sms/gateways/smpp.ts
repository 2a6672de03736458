import { z } from 'zod';
import { systemRandom } from '../../common/random';
import { allowedSendersSetting, sendersFor, sendersSetting, type WithSenders } from '../protocols/senders';
import { defineGateway } from '../gateway';
import type { SmsMessage, SmsOutcome } from '../gateway';
import { isGsm7 } from '../protocols/gsm7';
import { bindRefusalOf, refusalOf } from '../protocols/smpp/command-status';
import { concatenationHeader, cutText } from '../protocols/smpp/cut-text';
import { SmppLink } from '../protocols/smpp/link';
import { idSpellings, readReceipt } from '../protocols/smpp/receipt';
import type { Delivered } from '../protocols/smpp/receipt';
import { recipientAddress, senderAddress } from '../protocols/smpp/sender';
import { openSession } from '../protocols/smpp/session';
import type { SmppAccount, Submitted } from '../protocols/smpp/session';
import { validityField, validSeconds } from '../validity';

/**
 * Any SMSC that speaks SMPP 3.4, through one session per instance, bound as transceiver so that receipts come over it.
 *
 * A long text travels as parts with the concatenation header in front (8-bit reference) and never as
 * `message_payload` or with `sar_*` options: the header is part of the text, which every SMSC hands on untouched, while
 * the options are optional in 3.4 and silently dropped by some.
 */
const numberPlanPart = (name: string) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .max(255)
    .optional()
    .describe(`${name} of FROM, where the derived one will not do`);

const config = z.strictObject({
  host: z.string().min(1).describe('Name or address of the SMSC'),
  port: z.coerce.number().int().min(1).max(65_535).default(2775).describe('Its port'),
  systemId: z.string().min(1).max(64).describe('Account, called system_id'),
  password: z.string().max(64).describe('Its password').meta({ secret: true }),
  from: sendersSetting(
    /^(\+?\d{3,15}|[A-Za-z0-9 ._-]{1,11})$/,
    'must be a number, a short code or up to 11 letters and digits',
  )
    .optional()
    .describe(
      'Sender: number with country code, short code, or up to 11 letters and digits; without it, that of the SMSC',
    ),
  allowedSenders: allowedSendersSetting(),
  systemType: z.string().max(12).default('').describe('system_type, where the SMSC wants one'),
  serviceType: z.string().max(5).default('').describe('service_type, where the SMSC wants one'),
  sourceTon: numberPlanPart('Type of number'),
  sourceNpi: numberPlanPart('Numbering plan'),
  tls: z.stringbool().default(false).describe('True: TLS from the start; the certificate must be valid'),
  servername: z.string().min(1).optional().describe('Name in the certificate, where it is not HOST'),
  ca: z
    .string()
    .transform((pem) => pem.replaceAll('\\n', '\n'))
    .optional()
    .describe('Certificate (PEM) of the authority to believe instead of the known ones; \\n for line breaks'),
  window: z.coerce.number().int().min(1).max(1_000).default(10).describe('submit_sm on the way at once'),
  enquireLinkSeconds: z.coerce
    .number()
    .min(1)
    .max(600)
    .default(30)
    .describe('From one enquire_link to the next'),
});
type Config = z.infer<typeof config>;
const SENDERS = { sms: 'from' } as const;
type Chosen = WithSenders<Config, 'from'>;

/** A connection that is being made is worth waiting for, but not until no time is left for another gateway. */
const BOUND_WAIT_MS = 2_000;

/** Of `submit_sm`, SMPP 3.4 §5.2.17 and §5.2.19. */
const FINAL_RECEIPT = 1;
const DEFAULT_ALPHABET = 0;
const UCS2 = 8;

/** Relative: no SMSC has to agree with us about the time. */
const VALIDITY = validityField('validity_period', 1, 2_592_000);

export default defineGateway({
  name: 'smpp',
  validity: { sms: VALIDITY },
  docs: {
    title: 'SMPP 3.4',
    verified:
      'Over real sockets against an SMSC of our own that misbehaves in every way, and against the server simulator of jSMPP 3.0.1 (bind, texts of one and several parts, receipts); not against an operator. Data coding 0 is taken to be the GSM alphabet, one character an octet, as nearly all SMSCs do.',
    receipts:
      'Nothing to set up: they come over the same connection (`deliver_sm`), which the bind authenticates. Ids in hexadecimal and in decimal are recognised as the same.',
  },
  config,
  senders: SENDERS,
  create: (settings, tools) => {
    const account = accountOf(settings);
    const onDelivery = async (delivered: Delivered) => {
      const receipt = readReceipt(delivered);
      // What is no receipt is no better the second time.
      return receipt === null || isSafe(tools.receive([receipt]));
    };
    const link = new SmppLink((closing) => openSession(account, tools.tcp, onDelivery, closing));
    const nextReference = countingFrom(systemRandom.int(256));
    return {
      async send(message, signal) {
        const session = await link.bound(signal, BOUND_WAIT_MS);
        if ('refusedWith' in session) return notBound(session.refusedWith);
        const submit = (part: SubmitSm) => session.submit(part, signal);
        const chosen = sendersFor(settings, SENDERS, message);
        return outcomeOf(await submitAll(partsOf(message, chosen, nextReference), submit));
      },
      close: () => link.close(),
    };
  },
});

async function isSafe(stored: Promise<void>): Promise<boolean> {
  return stored.then(
    () => true,
    () => false,
  );
}

const NOT_SENT: Submitted = { kind: 'not-sent' };

/** The first part alone: what is refused is mostly refused at once, and then no other part is paid for. */
async function submitAll(
  [first, ...rest]: readonly SubmitSm[],
  submit: (part: SubmitSm) => Promise<Submitted>,
): Promise<Submitted[]> {
  if (!first) return [NOT_SENT];
  const submitted = await submit(first);
  if (submitted.kind !== 'accepted') return [submitted, ...rest.map(() => NOT_SENT)];
  return [submitted, ...(await Promise.all(rest.map(submit)))];
}

function accountOf(settings: Config): SmppAccount {
  const { host, port, tls, ca, servername, enquireLinkSeconds } = settings;
  const target = { host, port, ...(tls && { tls: { ca, servername } }) };
  return { ...settings, target, enquireLinkMs: enquireLinkSeconds * 1_000 };
}

/** Two long texts to one phone must not share a reference while their parts are on the way. */
function countingFrom(start: number): () => number {
  let reference = start;
  return () => (reference = (reference + 1) % 256);
}

type SubmitSm = Readonly<Record<string, unknown>>;

function partsOf(message: SmsMessage, settings: Chosen, nextReference: () => number): SubmitSm[] {
  const common = { ...addressesOf(message, settings), ...optionsOf(message, settings) };
  const texts = cutText(message.text);
  if (texts.length === 1) return [{ ...common, short_message: { message: message.text } }];
  const reference = nextReference();
  return texts.map((text, at) => {
    const udh = concatenationHeader(reference, texts.length, at + 1);
    return { ...common, short_message: { udh, message: text } };
  });
}

function addressesOf(message: SmsMessage, { from, sourceTon, sourceNpi }: Chosen): SubmitSm {
  const source = senderAddress(from);
  const destination = recipientAddress(message.to);
  return {
    source_addr_ton: sourceTon ?? source.ton,
    source_addr_npi: sourceNpi ?? source.npi,
    source_addr: source.address,
    dest_addr_ton: destination.ton,
    dest_addr_npi: destination.npi,
    destination_addr: destination.address,
  };
}

function optionsOf(message: SmsMessage, { serviceType }: Chosen): SubmitSm {
  return {
    service_type: serviceType,
    registered_delivery: FINAL_RECEIPT,
    validity_period: relativeTime(validSeconds(message, VALIDITY)),
    data_coding: isGsm7(message.text) ? DEFAULT_ALPHABET : UCS2,
  };
}

/** `0000DDhhmmss000R`: SMPP 3.4 §7.1.1.2, years and months zero. */
function relativeTime(seconds: number): string {
  const clock = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60, seconds % 60];
  return `0000${clock.map((value) => String(Math.floor(value)).padStart(2, '0')).join('')}000R`;
}

function notBound(refusedWith: number | null): SmsOutcome {
  return refusedWith === null ? { outcome: 'rejected', reason: 'unavailable' } : bindRefusalOf(refusedWith);
}

/**
 * Of all parts. A text of which one part was certainly not taken does not arrive, even if others were taken (and may be
 * charged): another gateway should try at once. Only without a refusal does a part that nobody knows of leave it open.
 */
function outcomeOf(parts: readonly Submitted[]): SmsOutcome {
  for (const part of parts) {
    if (part.kind === 'refused') return refusalOf(part.status);
    if (part.kind === 'not-sent') return { outcome: 'rejected', reason: 'unavailable' };
  }
  if (parts.some(({ kind }) => kind === 'unknown')) return { outcome: 'unknown' };
  const ids = parts.flatMap((part) => (part.kind === 'accepted' && part.id !== undefined ? [part.id] : []));
  return {
    outcome: 'accepted',
    reference: ids[0],
    parts: parts.length,
    receiptReferences: ids.flatMap(idSpellings),
  };
}
