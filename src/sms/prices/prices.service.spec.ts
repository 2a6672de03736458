import type { AuditService } from '../../audit/audit.service';
import { noSenders } from '../../../test/builders/senders';
import type { ConfiguredGateway } from '../configured-gateways';
import { defaultLimits, type Gateway, type SmsPrice } from '../gateway';
import type { PriceBook } from './price-book.service';
import type { PricesRepository } from './prices.repository';
import { PricesService } from './prices.service';

const listed: SmsPrice = { country: 'ES', channel: 'sms', price: { micros: 34_500, currency: 'EUR' } };

function setup(gateways: Readonly<Record<string, Gateway['prices']>>) {
  const saved: unknown[] = [];
  const prices: Pick<PricesRepository, 'save'> = {
    save: async (rows, replaced) => void saved.push([rows.map(({ updatedAt: _, ...row }) => row), replaced]),
  };
  const book: Pick<PriceBook, 'refresh'> = { refresh: () => Promise.resolve() };
  const audit: Pick<AuditService, 'record'> = { record: () => Promise.resolve() };
  const configured = Object.entries(gateways).map(([name, ask]): [string, ConfiguredGateway] => {
    const send: Gateway['send'] = () => Promise.resolve({ outcome: 'accepted' });
    const gateway = ask ? { send, prices: ask } : { send };
    return [name, { title: name, gateway, channels: ['sms'], limits: defaultLimits, senders: noSenders }];
  });
  const service = new PricesService(
    prices as PricesRepository,
    book as PriceBook,
    new Map(configured),
    {},
    audit as AuditService,
  );
  return { service, saved };
}

describe("a vendor's price list", () => {
  it('takes the place of the last one of its gateway', async () => {
    const { service, saved } = setup({ able: () => Promise.resolve([listed]), plain: undefined });
    expect(await service.download('able')).toBe(1);
    expect(saved).toEqual([
      [[{ ...listed, gateway: 'able', source: 'vendor' }], { source: 'vendor', gateway: 'able' }],
    ]);
  });

  it.each(['plain', 'nobody'])(
    'cannot be had where nobody can tell, and the answer says where: %s',
    async (name) => {
      const { service, saved } = setup({ able: () => Promise.resolve([]), plain: undefined });
      const message = expect.stringContaining('It can be had for: able.') as string;
      await expect(service.download(name)).rejects.toMatchObject({
        code: 'invalid_request',
        details: { errors: [{ path: 'gateway', message }] },
      });
      expect(saved).toEqual([]);
    },
  );

  it('that did not come changes nothing, and what the vendor said is not shown', async () => {
    const { service, saved } = setup({ able: () => Promise.reject(new Error('key-canary')) });
    const error: unknown = await service.download('able').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(JSON.stringify(error)).not.toContain('key-canary');
    expect(saved).toEqual([]);
  });
});
