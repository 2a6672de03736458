import { receiptAddresses } from '../../../../test/builders/receipt-links';
import { aReceiptRequest } from '../../../testing/contracts/receipts.contract';
import type { Refusal } from '../../../audit/refusals';
import { unavailable } from '../../../common/errors';
import type { ReceiptReading } from '../../../sms/receipt';
import { ReceiptCounters } from './receipt-counters';
import { ReceiptsService } from './receipts.service';

const receipt = { reference: 'r', state: 'delivered' } as const;

function setup(reading: ReceiptReading | null, take: () => Promise<void> = () => Promise.resolve()) {
  const addresses = receiptAddresses('acme', 'mute');
  const counters = new ReceiptCounters();
  const refusals: Refusal[] = [];
  const taken: unknown[] = [];
  const service = new ReceiptsService(
    {
      supports: (gateway) => ({ receipts: gateway === 'acme', balance: false, prices: false }),
      readReceipts: () => Promise.resolve(reading),
    },
    addresses,
    {
      take: async (...call) => {
        taken.push(call);
        await take();
      },
    },
    { recordRefusal: (refusal) => void refusals.push(refusal) },
    counters,
  );
  const secret = addresses.accountUrlFor('acme').split('/').at(-1)!;
  const call = (gateway = 'acme', change = secret) =>
    service.receive({ gateway, secret: change, ip: '192.0.2.1', request: aReceiptRequest() });
  return { call, counters, refusals, taken, addresses };
}

describe('a call to a receipt address', () => {
  it('is answered with nothing once its receipts are written down', async () => {
    const { call, taken } = setup({ kind: 'receipts', receipts: [receipt] });
    expect(await call()).toEqual({ body: '', contentType: 'text/plain' });
    expect(taken).toEqual([['acme', { kind: 'account' }, [receipt]]]);
  });

  // Catches: a receipt that is acknowledged before it is safe.
  it('is refused when they could not be', async () => {
    const { call } = setup({ kind: 'receipts', receipts: [receipt] }, () =>
      Promise.reject(unavailable('no')),
    );
    await expect(call()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it.each<[string, ReceiptReading, string]>([
    ['retry', { kind: 'retry' }, 'unavailable'],
    ['malformed', { kind: 'malformed' }, 'invalid_request'],
    ['forged', { kind: 'forged' }, 'unauthorized'],
  ])('that is read as %s changes nothing', async (_name, reading, code) => {
    const { call, taken } = setup(reading);
    await expect(call()).rejects.toMatchObject({ code });
    expect(taken).toEqual([]);
  });

  it('that asks whether we are there is told so', async () => {
    const asked = setup({ kind: 'handshake', body: '<b>challenge' }).call();
    expect(await asked).toEqual({ body: '<b>challenge', contentType: 'text/plain' });
  });

  it('that asks what to say on the phone is answered as the gateway says', async () => {
    const reading = { kind: 'handshake', body: '<Response/>', contentType: 'application/xml' } as const;
    expect(await setup(reading).call()).toEqual({ body: '<Response/>', contentType: 'application/xml' });
  });

  it('that is forged is counted, and in the audit log by gateway and caller', async () => {
    const { call, counters, refusals } = setup({ kind: 'forged' });
    await expect(call()).rejects.toThrow();
    expect(counters.report()).toMatchObject({ forged: 1, malformed: 0, refused: 0 });
    expect(refusals).toMatchObject([
      { type: 'access_denied', rule: 'receipt_forged', subject: 'acme 192.0.2.1', applicationId: null },
    ]);
  });

  // Catches: a secret that opens another gateway; a gateway that reads no receipts but has an address.
  it('that nobody was given is refused without a hint', async () => {
    const { call, counters, addresses } = setup({ kind: 'receipts', receipts: [] });
    const mute = addresses.accountUrlFor('mute').split('/').at(-1)!;
    for (const [gateway, secret] of [
      ['acme', 'x'],
      ['acme', mute],
      ['mute', mute],
      ['', ''],
    ] as const) {
      await expect(call(gateway, secret)).rejects.toMatchObject({ code: 'not_found', details: {} });
    }
    expect(counters.report().refused).toBe(4);
  });
});
