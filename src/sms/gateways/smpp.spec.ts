import type { Pdu } from 'smpp';
import { aMessage } from '../../testing/message';
import { gatewayContract } from '../../testing/contracts/gateway.contract';
import { FakeSmsc } from '../../../test/fakes/smsc';
import type { SubmitBehaviour } from '../../../test/fakes/smsc';
import { sendBy as send, SMPP_PASSWORD, useSmppGateways } from '../../../test/support/smpp-gateway';
import type { SmsReceipt } from '../receipt';
import definition from './smpp';

describe('the smpp gateway', () => {
  const gatewayAt = useSmppGateways();

  gatewayContract(async () => {
    const smsc = await FakeSmsc.start();
    const gateway = gatewayAt(smsc.port);
    return {
      gateway,
      hang: () => smsc.onSubmit({ kind: 'hang' }),
      stop: async () => {
        await gateway.close?.();
        await smsc.stop();
      },
    };
  });

  describe('against an SMSC over real sockets', () => {
    let smsc: FakeSmsc;
    beforeEach(async () => {
      smsc = await FakeSmsc.start();
    });
    afterEach(() => smsc.stop());

    const behaving = (behaviour: SubmitBehaviour) => {
      smsc.onSubmit(behaviour);
      return send(gatewayAt(smsc.port));
    };
    const textOf = ({ short_message: text }: Pdu) => text?.message;

    it('binds as transceiver of SMPP 3.4 with the account', async () => {
      await send(gatewayAt(smsc.port, { systemType: 'OTP' }));
      expect(smsc.binds).toHaveLength(1);
      expect(smsc.binds[0]).toMatchObject({
        system_id: 'sixdigit',
        password: SMPP_PASSWORD,
        system_type: 'OTP',
        interface_version: 0x34,
      });
    });

    it('submits a text with everything an SMSC wants to know', async () => {
      const gateway = gatewayAt(smsc.port, { serviceType: 'CMT' });
      expect(await send(gateway)).toEqual({
        outcome: 'accepted',
        reference: 'id-1',
        parts: 1,
        receiptReferences: ['id-1'],
      });
      expect(smsc.submits[0]).toMatchObject({
        service_type: 'CMT',
        source_addr_ton: 5,
        source_addr_npi: 0,
        source_addr: 'Acme',
        dest_addr_ton: 1,
        dest_addr_npi: 1,
        destination_addr: '34600987123',
        esm_class: 0,
        registered_delivery: 1,
        data_coding: 0,
        short_message: { message: 'Your code is 483920. Never share it.' },
      });
    });

    // Catches: a constant in place of the code's life, and a time of day in place of a span.
    it.each([
      [7, 7],
      [3_725, 3_725],
      [0, 1],
    ])('tells the SMSC to give up after the %i seconds that are left', async (secondsLeft, told) => {
      const before = Math.floor(Date.now() / 1_000);
      await send(gatewayAt(smsc.port), aMessage({ secondsLeft }));
      // The package makes a time of day of the span.
      const until = new Date(String(smsc.submits[0]!['validity_period'])).getTime() / 1_000;
      expect(Math.abs(until - before - told)).toBeLessThanOrEqual(2);
    });

    it.each([
      ['+12015550123', {}, { source_addr_ton: 1, source_addr_npi: 1, source_addr: '12015550123' }],
      ['12015550123', {}, { source_addr_ton: 1, source_addr_npi: 1, source_addr: '12015550123' }],
      [undefined, {}, { source_addr_ton: 0, source_addr_npi: 0, source_addr: '' }],
      ['22255', {}, { source_addr_ton: 3, source_addr_npi: 0, source_addr: '22255' }],
      ['22255', { sourceTon: '6', sourceNpi: '9' }, { source_addr_ton: 6, source_addr_npi: 9 }],
      ['22255', { sourceTon: '0' }, { source_addr_ton: 0, source_addr_npi: 0 }],
    ])('sends from %s with %j', async (from, settings, expected) => {
      await send(gatewayAt(smsc.port, { from, ...settings }));
      expect(smsc.submits[0]).toMatchObject(expected);
    });

    it('sends other scripts as UCS-2', async () => {
      await send(gatewayAt(smsc.port), aMessage({ text: 'Ваш код 483920 😀' }));
      expect(smsc.submits[0]).toMatchObject({
        data_coding: 8,
        short_message: { message: 'Ваш код 483920 😀' },
      });
    });

    it('sends a long text as parts that belong together', async () => {
      const text = `Code 483920. ${'€uro '.repeat(70)}`;
      const outcome = await send(gatewayAt(smsc.port), aMessage({ text }));
      expect(outcome).toMatchObject({ outcome: 'accepted', reference: 'id-1', parts: 3 });
      expect(outcome).toMatchObject({ receiptReferences: ['id-1', 'id-2', 'id-3'] });
      expect(smsc.submits.map(({ esm_class: esmClass }) => esmClass)).toEqual([0x40, 0x40, 0x40]);
      const headers = smsc.submits.map(({ short_message: part }) => [
        ...(part?.udh as unknown as Buffer[])[0]!,
      ]);
      const reference = headers[0]![2];
      expect(headers).toEqual([1, 2, 3].map((number) => [0, 3, reference, 3, number]));
      expect(smsc.submits.map(textOf).join('')).toBe(text);
    });

    it('gives two long texts different references', async () => {
      const gateway = gatewayAt(smsc.port);
      const text = 'Code 483920 '.repeat(14);
      await send(gateway, aMessage({ text }));
      await send(gateway, aMessage({ text }));
      const references = smsc.submits.map(
        ({ short_message: part }) => (part?.udh as unknown as Buffer[])[0]![2],
      );
      expect(new Set(references).size).toBe(2);
    });

    it('sends no further part, and so pays for none, once the first was refused', async () => {
      smsc.onSubmit({ kind: 'answer', status: 0x0b });
      expect(await send(gatewayAt(smsc.port), aMessage({ text: 'á'.repeat(200) }))).toEqual({
        outcome: 'rejected',
        reason: 'invalid-number',
        vendorCode: '0x0B',
      });
      expect(smsc.submits).toHaveLength(1);
    });

    // Catches: an outcome made of the first part alone.
    it('takes a text for refused when one of its parts was, so that another gateway may try', async () => {
      smsc.onSubmit((_pdu, nth) => (nth === 1 ? { kind: 'answer', status: 0x58 } : smsc.accept()));
      expect(await send(gatewayAt(smsc.port), aMessage({ text: 'á'.repeat(200) }))).toEqual({
        outcome: 'rejected',
        reason: 'rate-limited',
        vendorCode: '0x58',
      });
    });

    it('does not know of a text whose last part got no answer', async () => {
      smsc.onSubmit((_pdu, nth) => (nth === 2 ? { kind: 'reset' } : smsc.accept()));
      expect(await send(gatewayAt(smsc.port), aMessage({ text: 'á'.repeat(200) }))).toEqual({
        outcome: 'unknown',
      });
    });

    it.each([
      [0x0b, 'invalid-number', '0x0B'],
      [0x58, 'rate-limited', '0x58'],
      [0x08, 'unavailable', '0x08'],
    ])('reads the status %i', async (status, reason, vendorCode) => {
      expect(await behaving({ kind: 'answer', status })).toEqual({ outcome: 'rejected', reason, vendorCode });
    });

    it('takes a request that was not understood for refused', async () => {
      expect(await behaving({ kind: 'nack', status: 0x03 })).toMatchObject({
        outcome: 'rejected',
        reason: 'refused',
      });
    });

    it('takes an answer without an id for accepted', async () => {
      expect(await behaving({ kind: 'answer', status: 0 })).toEqual({
        outcome: 'accepted',
        reference: undefined,
        parts: 1,
        receiptReferences: [],
      });
    });

    it('waits for a slow answer', async () => {
      expect(await behaving({ kind: 'slow', ms: 300 })).toMatchObject({ outcome: 'accepted' });
    });

    it.each<[string, SubmitBehaviour]>([
      ['resets the connection after reading', { kind: 'reset' }],
      ['ends the connection after reading', { kind: 'end' }],
      [
        'answers with a length beyond all bounds',
        { kind: 'garbage', bytes: Buffer.from('HTTP/1.1 400 Bad') },
      ],
      [
        'answers with a length that is too short',
        { kind: 'garbage', bytes: Buffer.alloc(16, 0x05).fill(0, 0, 3) },
      ],
    ])('does not know when the SMSC %s, and connects again', async (_name, behaviour) => {
      smsc.onSubmit((_pdu, nth) => (nth === 0 ? behaviour : smsc.accept()));
      const gateway = gatewayAt(smsc.port);
      expect(await send(gateway)).toEqual({ outcome: 'unknown' });
      expect(await send(gateway)).toMatchObject({ outcome: 'accepted' });
      expect(smsc.binds).toHaveLength(2);
    });

    // Catches: "not sent" for what was written into a connection that nobody read from.
    it('does not know when the connection is lost before the request was read', async () => {
      const gateway = gatewayAt(smsc.port);
      await send(gateway);
      smsc.stopReading();
      expect(await send(gateway)).toEqual({ outcome: 'unknown' });
      expect(smsc.submits).toHaveLength(1);
    });

    it('ends at the signal and says unknown when no answer comes', async () => {
      smsc.onSubmit({ kind: 'hang' });
      expect(await send(gatewayAt(smsc.port), aMessage(), 200)).toEqual({ outcome: 'unknown' });
    });

    // Catches: a place in the window that is given back when the caller, and not the SMSC, is done.
    it('never has more on the way than the window, and knows that what waited was not sent', async () => {
      smsc.onSubmit({ kind: 'hang' });
      const gateway = gatewayAt(smsc.port, { window: '3' });
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => send(gateway, aMessage(), 300)));
      expect(smsc.submits).toHaveLength(3);
      expect(outcomes.filter(({ outcome }) => outcome === 'unknown')).toHaveLength(3);
      expect(outcomes.filter(({ outcome }) => outcome === 'rejected')).toHaveLength(5);
      expect(await send(gateway, aMessage(), 200)).toEqual({ outcome: 'rejected', reason: 'unavailable' });
    });

    it('lets waiting texts in as answers come', async () => {
      smsc.onSubmit({ kind: 'slow', ms: 20 });
      const gateway = gatewayAt(smsc.port, { window: '2' });
      const outcomes = await Promise.all(Array.from({ length: 11 }, () => send(gateway)));
      expect(outcomes.every(({ outcome }) => outcome === 'accepted')).toBe(true);
      expect(smsc.mostUnanswered).toBe(2);
    });

    describe('receipts', () => {
      const TEXT =
        'id:ID-1 sub:001 dlvrd:001 submit date:2611230600 done date:2611230601 stat:DELIVRD err:000 text:Your code';
      const receipt = (text: string, more: Record<string, unknown> = {}) => ({
        source_addr: '34600987123',
        destination_addr: 'Acme',
        esm_class: 0x04,
        short_message: { message: text },
        ...more,
      });
      const receiving = async (settings: Record<string, string> = {}) => {
        const received: SmsReceipt[] = [];
        let refuse = false;
        const gateway = gatewayAt(smsc.port, settings, {
          receive: (receipts) => {
            if (refuse) return Promise.reject(new Error('not now'));
            received.push(...receipts);
            return Promise.resolve();
          },
        });
        await send(gateway);
        return { received, refuse: (value: boolean) => (refuse = value) };
      };

      it('are handed over and then acknowledged', async () => {
        const { received } = await receiving();
        expect(await smsc.deliver(receipt(TEXT))).toBe(0);
        expect(received).toEqual([{ reference: 'id-1', part: 'id-1', state: 'delivered' }]);
      });

      it('are found by what the SMSC answered in hexadecimal and reports in decimal', async () => {
        smsc.onSubmit({ kind: 'answer', status: 0, id: '00AB12CD34' });
        const received: SmsReceipt[] = [];
        const gateway = gatewayAt(smsc.port, {}, { receive: async (all) => void received.push(...all) });
        const outcome = await send(gateway);
        await smsc.deliver(receipt(`id:${parseInt('AB12CD34', 16)} stat:UNDELIV err:001 text:`));
        expect(received[0]).toMatchObject({ state: 'undelivered', reason: 'unreachable' });
        expect(outcome).toMatchObject({
          receiptReferences: expect.arrayContaining([received[0]?.reference]),
        });
      });

      it('are read from options as well', async () => {
        const { received } = await receiving();
        const options = {
          receipted_message_id: 'ID-1',
          message_state: 3,
          short_message: '',
          esm_class: 0x04,
        };
        expect(await smsc.deliver(receipt('', options))).toBe(0);
        expect(received).toEqual([
          { reference: 'id-1', part: 'id-1', state: 'undelivered', reason: 'expired' },
        ]);
      });

      it('are read from a payload as well', async () => {
        const { received } = await receiving();
        await smsc.deliver(receipt('', { short_message: '', message_payload: { message: TEXT } }));
        expect(received).toEqual([{ reference: 'id-1', part: 'id-1', state: 'delivered' }]);
      });

      it('keep an id as it is, with signs that another alphabet would change', async () => {
        const { received } = await receiving();
        await smsc.deliver(receipt('', { short_message: Buffer.from('id:a_b@c$1 stat:ACCEPTD text:') }));
        expect(received).toMatchObject([{ reference: 'a_b@c$1', state: 'sent' }]);
      });

      // Catches: an acknowledgement that is sent before the receipt is safe.
      it('are asked for again while they cannot be stored', async () => {
        const { received, refuse } = await receiving();
        refuse(true);
        expect(await smsc.deliver(receipt(TEXT))).toBe(0x64);
        refuse(false);
        expect(await smsc.deliver(receipt(TEXT))).toBe(0);
        expect(received).toHaveLength(1);
      });

      // Catches: the shape of the text taken for what the SMSC alone can say.
      it('are not what a person writes, whatever it looks like', async () => {
        const { received } = await receiving();
        expect(await smsc.deliver(receipt(TEXT, { esm_class: 0 }))).toBe(0);
        expect(received).toEqual([]);
      });

      it('that nobody can read are acknowledged and dropped', async () => {
        const { received } = await receiving();
        expect(await smsc.deliver(receipt('hello'))).toBe(0);
        expect(
          await smsc.deliver(receipt('', { short_message: Buffer.from([0xff, 0x1b]), data_coding: 4 })),
        ).toBe(0);
        expect(received).toEqual([]);
      });
    });
  });

  it('takes sensible settings only', () => {
    const base = { host: 'smsc.example', systemId: 'a', password: 'b', from: 'Acme' };
    expect(definition.config.parse(base)).toMatchObject({
      port: 2775,
      window: 10,
      enquireLinkSeconds: 30,
      tls: false,
    });
    for (const wrong of [
      { from: 'much too long name' },
      { port: '0' },
      { window: '0' },
      { unknown: 'x' },
      { host: '' },
    ]) {
      expect(definition.config.safeParse({ ...base, ...wrong }).success).toBe(false);
    }
  });
});
