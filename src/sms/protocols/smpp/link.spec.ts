import { setTimeout as delay } from 'node:timers/promises';
import { aMessage } from '../../../testing/message';
import { selfSigned } from '../../../../test/fakes/certificate';
import { FakeSmsc } from '../../../../test/fakes/smsc';
import { sendBy as send, until, useSmppGateways } from '../../../../test/support/smpp-gateway';
import { GuardedTcpConnector } from '../../../common/outbound/tcp-connector.service';
import { pauseMs } from './link';

describe('the link to an SMSC, as the gateway uses it', () => {
  const gatewayAt = useSmppGateways();

  describe('in the clear', () => {
    let smsc: FakeSmsc;
    beforeEach(async () => {
      smsc = await FakeSmsc.start();
    });
    afterEach(() => smsc.stop());

    it('is known not to have sent anything while there is none', async () => {
      await smsc.stop();
      expect(await send(gatewayAt(smsc.port), aMessage(), 300)).toEqual({
        outcome: 'rejected',
        reason: 'unavailable',
      });
    });

    it('is waited for when the SMSC comes up in time', async () => {
      const { port } = smsc;
      await smsc.stop();
      const sending = send(gatewayAt(port));
      await delay(100);
      smsc = await FakeSmsc.start(undefined, port);
      expect(await sending).toMatchObject({ outcome: 'accepted' });
    });

    it.each([
      [0x0e, 'unauthorized'],
      [0x0d, 'unauthorized'],
      [0x05, 'unavailable'],
      [0x58, 'rate-limited'],
    ])('tells why the SMSC does not let us in: %i', async (status, reason) => {
      smsc.bindStatus = status;
      const outcome = await send(gatewayAt(smsc.port));
      expect(outcome).toMatchObject({ outcome: 'rejected', reason });
      expect(smsc.submits).toHaveLength(0);
    });

    it('is made again when it was lost while idle', async () => {
      const gateway = gatewayAt(smsc.port);
      await send(gateway);
      smsc.dropAll();
      await until(() => smsc.binds.length === 2);
      expect(await send(gateway)).toMatchObject({ outcome: 'accepted' });
    });

    // Catches: an enquire_link whose answer nobody waits for.
    it('is given up within two intervals when the SMSC falls silent', async () => {
      const gateway = gatewayAt(smsc.port, { enquireLinkSeconds: '1' });
      await send(gateway);
      smsc.silent = true;
      await until(() => smsc.binds.length === 2);
      expect(smsc.enquiries).toHaveLength(1);
    });

    it('stays while enquire_link is answered', async () => {
      await send(gatewayAt(smsc.port, { enquireLinkSeconds: '1' }));
      await until(() => smsc.enquiries.length === 3);
      expect(smsc.binds).toHaveLength(1);
    });

    it('answers what the SMSC asks, and says what it does not understand', async () => {
      await send(gatewayAt(smsc.port));
      const answered = await new Promise<number>((resolve) => {
        smsc.session.enquire_link({}, ({ command_status: status }) => resolve(status));
      });
      expect(answered).toBe(0);
      smsc.session.submit_sm({ short_message: 'x' });
      await until(() => smsc.nacks.length === 1);
    });

    it('is left when the SMSC says good-bye, and made again', async () => {
      await send(gatewayAt(smsc.port));
      const answered = new Promise((resolve) => smsc.session.unbind({}, resolve));
      await answered;
      await until(() => smsc.binds.length === 2);
    });

    it('is closed with a good-bye, and not made again', async () => {
      const gateway = gatewayAt(smsc.port);
      await send(gateway);
      await gateway.close?.();
      expect(smsc.unbinds).toBe(1);
      await delay(400);
      expect(smsc.binds).toHaveLength(1);
      expect(await send(gateway, aMessage(), 100)).toEqual({ outcome: 'rejected', reason: 'unavailable' });
    });

    it('is closed quickly when the SMSC does not answer, and when there is none', async () => {
      const bound = gatewayAt(smsc.port);
      await send(bound);
      smsc.session.removeAllListeners('pdu');
      await bound.close?.();
      await smsc.stop();
      await gatewayAt(smsc.port).close?.();
    });

    it('is made to no private address where those are refused', async () => {
      const gateway = gatewayAt(smsc.port, {}, { tcp: new GuardedTcpConnector({ allowPrivate: false }) });
      expect(await send(gateway, aMessage(), 300)).toEqual({ outcome: 'rejected', reason: 'unavailable' });
      expect(smsc.binds).toHaveLength(0);
    });
  });

  describe('over TLS', () => {
    it('binds when the certificate is signed by an authority that it believes, for the name that it asked for', async () => {
      const certificate = await selfSigned('smsc.example');
      const smsc = await FakeSmsc.start(certificate);
      const tls = { tls: 'true', ca: certificate.cert.replaceAll('\r', '').replaceAll('\n', '\\n') };
      expect(await send(gatewayAt(smsc.port, tls))).toMatchObject({ outcome: 'accepted' });
      const named = { ...tls, servername: 'smsc.example' };
      expect(await send(gatewayAt(smsc.port, named))).toMatchObject({ outcome: 'accepted' });
      await smsc.stop();
    });

    // Catches: rejectUnauthorized switched off, a name that is not compared.
    it.each<[string, (cert: string) => Record<string, string>]>([
      ['is signed by nobody known', () => ({})],
      ['is for another name', (cert) => ({ ca: cert, servername: 'other.example' })],
    ])('tells a server nothing whose certificate %s', async (_name, settings) => {
      const certificate = await selfSigned('smsc.example');
      const smsc = await FakeSmsc.start(certificate);
      const gateway = gatewayAt(smsc.port, { tls: 'true', ...settings(certificate.cert) });
      expect(await send(gateway, aMessage(), 500)).toEqual({ outcome: 'rejected', reason: 'unavailable' });
      expect(smsc.binds).toEqual([]);
      await smsc.stop();
    });
  });

  it('pauses longer after each failure, up to half a minute, and never for the same time', () => {
    for (const [failures, longest] of [
      [0, 250],
      [1, 500],
      [3, 2_000],
      [7, 30_000],
      [1_000, 30_000],
    ] as const) {
      const pauses = Array.from({ length: 50 }, () => pauseMs(failures));
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(longest / 2);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(longest);
      expect(new Set(pauses).size).toBeGreaterThan(1);
    }
  });
});
