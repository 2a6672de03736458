import { ReceiptInbox } from './receipt-inbox';

describe('the inbox of receipts', () => {
  // Catches: a receipt that is acknowledged before anybody writes it down.
  it('rejects until somebody takes them', async () => {
    await expect(new ReceiptInbox().receive('smpp', [{ state: 'delivered' }])).rejects.toThrow();
  });

  it('hands them on, and is done when they are safe', async () => {
    const inbox = new ReceiptInbox();
    const taken: unknown[] = [];
    inbox.connect((...call) => Promise.resolve(void taken.push(call)));
    await inbox.receive('smpp', [{ state: 'delivered' }]);
    expect(taken).toEqual([['smpp', [{ state: 'delivered' }]]]);
    inbox.connect(() => Promise.reject(new Error('no database')));
    await expect(inbox.receive('smpp', [])).rejects.toThrow('no database');
  });
});
