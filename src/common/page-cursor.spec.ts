import { decodeCursor, encodeCursor, toPage } from './page-cursor';

const row = (id: string) => ({ id, createdAt: new Date(1_700_000_000_000) });

describe('page cursor', () => {
  it('comes back as the place it was made from', () => {
    expect(decodeCursor(encodeCursor(row('a_-Z')))).toEqual(row('a_-Z'));
  });

  it.each([
    '',
    'x',
    '!!!',
    Buffer.from('12.').toString('base64url'),
    Buffer.from('a.b').toString('base64url'),
  ])('refuses %p', (cursor) => expect(decodeCursor(cursor)).toBeNull());

  it('names the last row of a page that has a next one', () => {
    const page = toPage([row('c'), row('b'), row('a')], 2);
    expect(page).toEqual({ data: [row('c'), row('b')], nextCursor: encodeCursor(row('b')) });
  });

  it('is null on the last page', () => {
    expect(toPage([row('b'), row('a')], 2).nextCursor).toBeNull();
    expect(toPage([], 2)).toEqual({ data: [], nextCursor: null });
  });
});
