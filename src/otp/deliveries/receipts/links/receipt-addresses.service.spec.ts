import { aKeyRing, secretsText } from '../../../../../test/builders/key-ring';
import { ReceiptAddresses } from './receipt-addresses.service';

const name = { verificationId: 'v'.repeat(22), deliveryId: 'd'.repeat(22) };
const gateways = {
  acme: { baseUrl: 'https://api.acme.com' },
  other: {},
  local: { url: 'http://127.0.0.1:1' },
};

const addresses = (publicUrl = 'https://verify.example.com', index = 'index') =>
  new ReceiptAddresses(aKeyRing({ text: secretsText(undefined, index) }), { publicUrl }, { gateways });
const ticketOf = (all = addresses(), gateway = 'acme') => all.urlFor(gateway, name)!.split('/').at(-1)!;
const accountOf = (all = addresses(), gateway = 'acme') => all.accountUrlFor(gateway).split('/').at(-1)!;

describe('receipt addresses', () => {
  it('a ticket names its delivery', () => {
    const url = addresses().urlFor('acme', name);
    expect(url).toMatch(/^https:\/\/verify\.example\.com\/v1\/receipts\/acme\/v{22}d{22}[\w-]{22}$/);
    expect(addresses().recognise('acme', ticketOf())).toEqual({ kind: 'ticket', ...name });
  });

  it('the secret of an account stands for everything that its gateway tells', () => {
    expect(addresses().accountUrlFor('acme')).toMatch(/\/v1\/receipts\/acme\/[\w-]{43}$/);
    expect(addresses().recognise('acme', accountOf())).toEqual({ kind: 'account' });
  });

  // Catches: a MAC that does not cover gateway, verification or delivery; a comparison of beginnings, or none.
  it.each<[string, (ticket: string) => string, string]>([
    ['of another gateway', (ticket) => ticket, 'other'],
    ['of another delivery', (ticket) => ticket.replace('d', 'e'), 'acme'],
    ['of another verification', (ticket) => ticket.replace('v', 'w'), 'acme'],
    ['with another MAC', (ticket) => ticket.slice(0, -1) + (ticket.endsWith('A') ? 'B' : 'A'), 'acme'],
    ['that is cut off', (ticket) => ticket.slice(0, -1), 'acme'],
    ['without its MAC', (ticket) => ticket.slice(0, 44), 'acme'],
    ['that goes on', (ticket) => `${ticket}A`, 'acme'],
    ['with ids moved by one', (ticket) => `${ticket.slice(1, 44)}v${ticket.slice(44)}`, 'acme'],
    ['of other characters', (ticket) => `é${ticket.slice(1)}`, 'acme'],
    ['that is empty', () => '', 'acme'],
  ])('nobody has a ticket %s', (_name, change, gateway) => {
    expect(addresses().recognise(gateway, change(ticketOf()))).toBeNull();
  });

  it.each<[string, (secret: string) => string, string]>([
    ['of another gateway', (secret) => secret, 'other'],
    ['that is cut off', (secret) => secret.slice(0, -1), 'acme'],
    ['that goes on', (secret) => `${secret}A`, 'acme'],
  ])('nobody has an account secret %s', (_name, change, gateway) => {
    expect(addresses().recognise(gateway, change(accountOf()))).toBeNull();
  });

  it('another server has other addresses', () => {
    const other = addresses(undefined, 'another');
    expect(other.recognise('acme', ticketOf())).toBeNull();
    expect(other.recognise('acme', accountOf())).toBeNull();
  });

  it('gives a gateway no address under which it could not reach us', () => {
    const private_ = addresses('http://127.0.0.1:3000');
    expect(private_.urlFor('acme', name)).toBeNull();
    expect(private_.urlFor('other', name)).toBeNull();
    expect(private_.urlFor('unknown', name)).toBeNull();
    expect(private_.urlFor('local', name)).toContain('http://127.0.0.1:3000/v1/receipts/local/');
  });
});
