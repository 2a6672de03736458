/** How receipts of a generic gateway are read, as its settings say. */
import { hmac, sameSecret } from '../signing/signature';
import { MAX_RECEIPTS } from '../../receipt';
import type { ReceiptReading, ReceiptRequest, SmsReceipt } from '../../receipt';
import { toldBy } from '../receipt-words';
import { parseJson, readJsonPath, scalarText } from './json-path';
import type { JsonPath } from './json-path';

export interface ReceiptRule {
  /** Where a list of receipts stands; null: the document is one, or a list of them. */
  readonly list: JsonPath | null;
  readonly state: JsonPath;
  /** The vendor's id of the message. */
  readonly reference: JsonPath | null;
  readonly clientReference: JsonPath | null;
  /** The vendor's words in lower case. */
  readonly words: Readonly<Record<'sent' | 'delivered' | 'undelivered', readonly string[]>>;
  readonly proof: ReceiptProof | null;
}

/** What a receipt has to show besides its address. */
export interface ReceiptProof {
  /** `secret`: the header holds it. `hmac-sha256`: the header holds the HMAC of the body under it. */
  readonly kind: 'secret' | 'hmac-sha256';
  /** In lower case. */
  readonly header: string;
  readonly secret: string;
}

export function readByRule(rule: ReceiptRule, request: ReceiptRequest): ReceiptReading {
  if (rule.proof && !isProven(rule.proof, request)) return { kind: 'forged' };
  const entries = entriesOf(rule, request)?.slice(0, MAX_RECEIPTS);
  const receipts = entries?.map((read) => receiptOf(rule, read));
  const known = receipts?.flatMap((receipt) => receipt ?? []);
  return known && known.length === receipts?.length
    ? { kind: 'receipts', receipts: known }
    : { kind: 'malformed' };
}

function isProven({ kind, header, secret }: ReceiptProof, { headers, body }: ReceiptRequest): boolean {
  const given = headers[header]?.trim();
  if (kind === 'secret') return sameSecret(given, secret);
  // Over nothing, the same signature would fit every receipt that comes in a query.
  if (given === undefined || body.length === 0) return false;
  const bare = given.replace(/^sha256=/i, '');
  const [hex, base64] = (['hex', 'base64'] as const).map((form) => hmac('sha256', secret, [body], form));
  return sameSecret(bare.toLowerCase(), hex ?? '') || sameSecret(bare, base64 ?? '');
}

/** In this order, where lists have a word in common. */
const kinds = ['delivered', 'undelivered', 'sent'] as const;

/** What stands at a path of one receipt. */
type Reader = (path: JsonPath) => unknown;

/**
 * A body says it all where there is one: the query is covered by no signature over the body. Null: it is not what
 * its content type says.
 */
function entriesOf({ list }: ReceiptRule, { headers, query, body }: ReceiptRequest): Reader[] | null {
  if (body.length === 0) return [({ text }) => query.get(text)];
  const text = body.toString('utf8');
  if (/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')) {
    const form = new URLSearchParams(text);
    return [(path) => form.get(path.text)];
  }
  const document = parseJson(text);
  const found = list ? readJsonPath(document, list) : document;
  if (typeof found !== 'object' || found === null) return null;
  const documents: unknown[] = Array.isArray(found) ? found : [found];
  return documents.map((one) => (path) => readJsonPath(one, path));
}

/** Null without a state. A word that is in none of the lists is read by its family. */
function receiptOf(
  { state, reference, clientReference, words }: ReceiptRule,
  read: Reader,
): SmsReceipt | null {
  const word = scalarText(read(state));
  const known = kinds.find((kind) => words[kind].includes(word?.toLowerCase() ?? ''));
  const told = toldBy({ word, known });
  if (!told) return null;
  const about = {
    reference: reference ? scalarText(read(reference)) : undefined,
    clientReference: clientReference ? scalarText(read(clientReference)) : undefined,
  };
  return { ...about, ...told };
}

/** What the settings of a gateway ask receipts to show. */
export function proofOf({
  receiptSecret: secret,
  receiptHeader,
  receiptSignatureHeader,
}: ProofSettings): ReceiptProof | null {
  if (secret === undefined) return null;
  if (receiptSignatureHeader) return { kind: 'hmac-sha256', header: receiptSignatureHeader, secret };
  return receiptHeader ? { kind: 'secret', header: receiptHeader, secret } : null;
}

interface ProofSettings {
  readonly receiptSecret?: string | undefined;
  readonly receiptHeader?: string | undefined;
  readonly receiptSignatureHeader?: string | undefined;
}
