import { strict as assert } from 'node:assert';
import { UndiciHttpClient } from '../../common/outbound/http-client.service';
import type { GatewayDefinition, GatewayTools } from '../../sms/gateway';
import type { ReceiptReading, ReceiptRequest, SmsReceipt } from '../../sms/receipt';
import { sameAs } from '../assertions';
import { currentRunner, type Runner } from '../runner';
import { gatewayTools } from './gateway-tools';

/** How receipts of one vendor look and are signed. */
export interface ReceiptsUnderTest<Config> {
  readonly definition: GatewayDefinition<Config>;
  /** Settings as texts, as the environment gives them; the secret that receipts are signed with among them. */
  readonly settings: Record<string, string>;
  /**
   * An authentic request with this body, as the vendor would send it at `now`. Called anew for each test, so that
   * a nonce or a timestamp may be fresh.
   */
  authentic(body: string, now: number): ReceiptRequest | Promise<ReceiptRequest>;
  /** Name, body as the vendor documents it, what it must be read as. */
  readonly examples: readonly (readonly [name: string, body: string, expected: readonly SmsReceipt[]])[];
  /**
   * Whether the signature covers the body, byte for byte, or only what is written in it (then its own spec changes
   * each field); `none`: the secret in the address is all there is.
   */
  readonly signature: 'covers-body' | 'covers-address' | 'covers-fields' | 'none';
  /** Headers (or query parameters) without which a request is no longer authentic; none when it is in the body. */
  readonly signatureNames: readonly string[];
  /**
   * What a request without any signature is read as. `retry` is only for a vendor who documents that it sends such
   * ones, and signs them after a 5xx: nothing in them is believed either way.
   * @default 'forged'
   */
  readonly unsigned?: 'forged' | 'retry';
  /** Whether the signature is bound to a time. */
  readonly hasReplayWindow: boolean;
  /** Where the vendor's key has to be asked for. */
  readonly tools?: Partial<GatewayTools>;
}

const NOW = Date.UTC(2026, 5, 1, 12);
const HOUR_MS = 3_600_000;

/** What a vendor could send by mistake: none of it may become ours. */
const oddBodies = [
  '',
  ' ',
  'null',
  '0',
  '"text"',
  '[]',
  '[null]',
  '{}',
  '{"__proto__":1}',
  '{"messages":[{}]}',
  '[[[[[[[[]]]]]]]]',
  '{"status":{"code":[1,2]}}',
  'a=b&a=c&=&%zz',
  '<xml><a/></xml>',
  '\u0000\ufffd\u{1f600}',
  '{"id":"x","status":"delivered","at":"not a time"}',
  'x'.repeat(10_000),
];

/** For a gateway whose receipts come as a POST with a body. Those that come as GET hand the query as `body`. */
export function receiptsContract<Config>(
  vendor: ReceiptsUnderTest<Config>,
  runner: Runner = currentRunner(),
): void {
  const { describe, it } = runner;
  describe('receipts', () => {
    const read = readerOf(vendor);
    const [, body = ''] = vendor.examples[0] ?? [];

    for (const [name, text, receipts] of vendor.examples)
      it(`reads this: ${name}`, async () => {
        sameAs(await read(await vendor.authentic(text, NOW)), { kind: 'receipts', receipts });
      });

    it('reads the same again: a repeated receipt is not an error', async () => {
      const request = await vendor.authentic(body, NOW);
      sameAs(await read(request), await read(request));
    });

    // What comes through the right signature may still be anything.
    it('never throws, whatever an authentic body holds', async () => {
      for (const text of oddBodies) {
        const { kind } = await read(await vendor.authentic(text, NOW));
        assert.ok(['receipts', 'malformed', 'handshake', 'forged'].includes(kind), `${kind}: ${text}`);
      }
    });

    if (vendor.signature === 'none') return;
    forgeries(vendor, read, runner);
    if (vendor.signature === 'covers-body') changedBodies(vendor, read, runner);
    if (vendor.hasReplayWindow) oldOnes(vendor, read, runner);
  });
}

type Read = (request: ReceiptRequest) => Promise<ReceiptReading>;

/** By a gateway of its own each time: reading needs no connection that would have to be closed. */
export function readerOf<Config>({
  definition,
  settings,
  tools,
}: Pick<ReceiptsUnderTest<Config>, 'definition' | 'settings' | 'tools'>): Read {
  return async (request) => {
    const http = new UndiciHttpClient({ allowPrivate: true });
    const gateway = definition.create(definition.config.parse(settings), gatewayTools(http, tools));
    try {
      if (!gateway.readReceipts) throw new Error('this gateway reads no receipts');
      return await gateway.readReceipts(request);
    } finally {
      await gateway.close?.();
      await http.close();
    }
  };
}

function forgeries<Config>(vendor: ReceiptsUnderTest<Config>, read: Read, { it }: Runner): void {
  const [, body = ''] = vendor.examples[0] ?? [];
  const unsigned = vendor.unsigned ?? 'forged';
  // Where the signature is in the body, its spec takes it away and changes it.
  for (const name of vendor.signatureNames) {
    // Catches: a signature that is looked at only when it is there.
    it(`is ${unsigned} without ${name}`, async () => {
      const request = await vendor.authentic(body, NOW);
      sameAs(await read(withoutName(request, name)), { kind: unsigned });
    });

    // Catches: a comparison of lengths, of beginnings, or none.
    it(`is forged with another ${name}`, async () => {
      const request = await vendor.authentic(body, NOW);
      const given = request.headers[name] ?? request.query.get(name) ?? '';
      const values = ['', 'x', given.slice(0, -2), `${given}x`, changed(given), 'é\u0000'];
      for (const value of values.filter((one) => one !== given))
        sameAs(await read(withName(request, name, value)), { kind: 'forged' });
    });
  }

  // A vendor with a key pair has no secret in our settings.
  if (!Object.entries(vendor.settings).some(([key, value]) => secretLike(key, value))) return;
  it('is forged when it was signed with another secret', async () => {
    const request = await vendor.authentic(body, NOW);
    const other = Object.entries(vendor.settings).map(([key, value]) => [
      key,
      secretLike(key, value) ? `${value}x` : value,
    ]);
    const settings = Object.fromEntries(other) as Record<string, string>;
    if (!vendor.definition.config.safeParse(settings).success) return;
    const { kind } = await readerOf({ definition: vendor.definition, settings })(request);
    assert.equal(kind, 'forged');
  });
}

function changedBodies<Config>(vendor: ReceiptsUnderTest<Config>, read: Read, { it }: Runner): void {
  // Catches: a signature over parsed and written again content, or over the address alone.
  it('is forged when a byte of the body was changed, cut off or added', async () => {
    const [, body = ''] = vendor.examples[0] ?? [];
    const request = await vendor.authentic(body, NOW);
    const bytes = request.body;
    const bodies = [
      Buffer.concat([bytes, Buffer.from(' ')]),
      bytes.subarray(0, -1),
      Buffer.from(bytes.map((byte, at) => (at === bytes.length - 2 ? byte ^ 1 : byte))),
      Buffer.alloc(0),
    ];
    for (const other of bodies) assert.equal((await read({ ...request, body: other })).kind, 'forged');
  });
}

function oldOnes<Config>(vendor: ReceiptsUnderTest<Config>, read: Read, { it }: Runner): void {
  // Catches: a timestamp that is signed but never compared with the clock.
  it('is forged when it is an hour old, or from an hour ahead', async () => {
    const [, body = ''] = vendor.examples[0] ?? [];
    const request = await vendor.authentic(body, NOW);
    for (const now of [NOW + HOUR_MS, NOW - HOUR_MS])
      sameAs(await read({ ...request, now }), { kind: 'forged' });
  });
}

/** A request with everything filled in. */
export function aReceiptRequest(more: Partial<ReceiptRequest> = {}): ReceiptRequest {
  const url = more.url ?? 'https://verify.example.com/v1/receipts/acme/secret';
  return {
    method: 'POST',
    url,
    query: new URL(url).searchParams,
    headers: {},
    body: Buffer.alloc(0),
    now: NOW,
    ...more,
  };
}

function withoutName(request: ReceiptRequest, name: string): ReceiptRequest {
  const { [name]: _removed, ...headers } = request.headers;
  return onQuery({ ...request, headers }, (query) => query.delete(name));
}

function withName(request: ReceiptRequest, name: string, value: string): ReceiptRequest {
  if (name in request.headers) return { ...request, headers: { ...request.headers, [name]: value } };
  return onQuery(request, (query) => query.set(name, value));
}

/** A request whose query is changed in both places where it stands. */
function onQuery(request: ReceiptRequest, change: (query: URLSearchParams) => void): ReceiptRequest {
  const query = new URLSearchParams(request.query);
  const before = query.toString();
  change(query);
  if (query.toString() === before) return request;
  const url = new URL(request.url);
  url.search = query.toString();
  return { ...request, url: url.toString(), query };
}

function changed(value: string): string {
  const middle = Math.floor(value.length / 2);
  return value.slice(0, middle) + (value[middle] === 'A' ? 'B' : 'A') + value.slice(middle + 1);
}

/** A private key signs what we send, and would not be a key any more. */
const secretLike = (key: string, value: string): boolean =>
  /secret|token|key/i.test(key) && !value.startsWith('-----BEGIN');
