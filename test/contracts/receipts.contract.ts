import fc from 'fast-check';
import { anyText } from '../builders/any-text';
import { UndiciHttpClient } from '../../src/common/outbound/http-client.service';
import type { Gateway, GatewayDefinition, GatewayTools } from '../../src/sms/gateway';
import type { ReceiptReading, ReceiptRequest, SmsReceipt } from '../../src/sms/receipt';
import { gatewayTools } from './gateway.contract';

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

/** For a gateway whose receipts come as a POST with a body. Those that come as GET hand the query as `body`. */
export function receiptsContract<Config>(vendor: ReceiptsUnderTest<Config>): void {
  describe('receipts', () => {
    const http = new UndiciHttpClient({ allowPrivate: true });
    const gateway: Gateway = vendor.definition.create(
      vendor.definition.config.parse(vendor.settings),
      gatewayTools(http, vendor.tools),
    );
    afterAll(async () => {
      await gateway.close?.();
      await http.close();
    });
    const read = async (request: ReceiptRequest): Promise<ReceiptReading> => {
      if (!gateway.readReceipts) throw new Error('this gateway reads no receipts');
      return gateway.readReceipts(request);
    };
    const [, body = ''] = vendor.examples[0] ?? [];

    it.each(vendor.examples)('reads this: %s', async (_name, text, expected) => {
      expect(await read(await vendor.authentic(text, NOW))).toEqual({ kind: 'receipts', receipts: expected });
    });

    it('reads the same again: a repeated receipt is not an error', async () => {
      const request = await vendor.authentic(body, NOW);
      expect(await read(request)).toEqual(await read(request));
    });

    // What comes through the right signature may still be anything: a vendor's mistake must not become ours.
    it('never throws, whatever an authentic body holds', async () => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(anyText(), fc.json()), async (text) => {
          expect(['receipts', 'malformed', 'handshake', 'forged']).toContain(
            (await read(await vendor.authentic(text, NOW))).kind,
          );
        }),
        { numRuns: 200 },
      );
    });

    if (vendor.signature === 'none') return;
    // Where the signature is in the body, its spec takes it away and changes it.
    const names =
      vendor.signatureNames.length > 0 ? it.each(vendor.signatureNames) : it.skip.each(['in the body']);

    // Catches: a signature that is looked at only when it is there.
    const unsigned = vendor.unsigned ?? 'forged';
    names(`is ${unsigned} without %s`, async (name) => {
      const request = await vendor.authentic(body, NOW);
      expect(await read(withoutName(request, name))).toEqual({ kind: unsigned });
    });

    // Catches: a comparison of lengths, of beginnings, or none.
    names('is forged with another %s', async (name) => {
      const request = await vendor.authentic(body, NOW);
      const given = request.headers[name] ?? request.query.get(name) ?? '';
      const values = ['', 'x', given.slice(0, -2), `${given}x`, changed(given), 'é\u0000'];
      for (const value of values.filter((one) => one !== given)) {
        expect(await read(withName(request, name, value))).toEqual({ kind: 'forged' });
      }
    });

    // A vendor with a key pair has no secret in our settings.
    const shared = Object.entries(vendor.settings).some(([key, value]) => secretLike(key, value));
    (shared ? it : it.skip)('is forged when it was signed with another secret', async () => {
      const request = await vendor.authentic(body, NOW);
      const other = Object.fromEntries(
        Object.entries(vendor.settings).map(([key, value]) => [
          key,
          secretLike(key, value) ? `${value}x` : value,
        ]),
      );
      const parsed = vendor.definition.config.safeParse(other);
      if (!parsed.success) return;
      const stranger = vendor.definition.create(parsed.data, gatewayTools(http));
      expect((await stranger.readReceipts?.(request))?.kind).toBe('forged');
      await stranger.close?.();
    });

    if (vendor.signature === 'covers-body') {
      // Catches: a signature over parsed and written again content, or over the address alone.
      it('is forged when a byte of the body was changed, cut off or added', async () => {
        const request = await vendor.authentic(body, NOW);
        const bytes = request.body;
        const bodies = [
          Buffer.concat([bytes, Buffer.from(' ')]),
          bytes.subarray(0, -1),
          Buffer.from(bytes.map((byte, at) => (at === bytes.length - 2 ? byte ^ 1 : byte))),
          Buffer.alloc(0),
        ];
        for (const other of bodies) expect((await read({ ...request, body: other })).kind).toBe('forged');
      });
    }

    if (vendor.hasReplayWindow) {
      // Catches: a timestamp that is signed but never compared with the clock.
      it('is forged when it is an hour old, or from an hour ahead', async () => {
        const request = await vendor.authentic(body, NOW);
        for (const now of [NOW + HOUR_MS, NOW - HOUR_MS]) {
          expect(await read({ ...request, now })).toEqual({ kind: 'forged' });
        }
      });
    }
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
