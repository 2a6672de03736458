import { isVisibleLine } from '../../texts/visible-text';

/** Who a mail is from. */
export interface Mailbox {
  /** Empty without one. */
  readonly name: string;
  readonly address: string;
  /** Of the address. */
  readonly domain: string;
}

const QUOTED = /^"((?:\\.|[^"\\])*)" *<([^<>]+)>$/;
const PLAIN = /^([^"<>\\]*?) *<([^<>]+)>$/;
const ADDRESS = /^[^\s@<>"(),:;[\]\\]{1,64}@((?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63})$/;
const MAX_NAME = 100;
const MAX_DOMAIN = 253;

/**
 * `otp@example.com`, `Example Bank <otp@example.com>` or `"Bank, \"Example\"" <otp@example.com>`; null for everything
 * else. A name is visible text on one line: nothing in it can end a header, or turn what the person reads around.
 */
export function readMailbox(text: string): Mailbox | null {
  const { name, address } = partsOf(text);
  // Before it is trimmed: a line break at its end is one as well.
  if (name !== '' && (name.length > MAX_NAME || !isVisibleLine(name))) return null;
  const domain = ADDRESS.exec(address)?.[1] ?? '';
  if (domain === '' || domain.length > MAX_DOMAIN) return null;
  return { name: name.trim(), address, domain };
}

function partsOf(text: string): Pick<Mailbox, 'name' | 'address'> {
  const [, quoted, inQuotes = ''] = QUOTED.exec(text) ?? [];
  if (quoted !== undefined) return { name: quoted.replace(/\\(.)/g, '$1'), address: inQuotes.trim() };
  const [, name = '', address = text] = PLAIN.exec(text) ?? [];
  return { name, address: address.trim() };
}
