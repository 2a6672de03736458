/** Who a mail is from. */
export interface Mailbox {
  /** Empty without one. */
  readonly name: string;
  readonly address: string;
  /** Of the address. */
  readonly domain: string;
}

const WITH_NAME = /^"?([^"<>\r\n]*?)"? *<([^<>]+)>$/;
const ADDRESS = /^[^\s@<>"(),:;[\]\\]{1,64}@([A-Za-z0-9.-]{1,253})$/;

/** `otp@example.com`, or `Example Bank <otp@example.com>`; null for everything else. */
export function readMailbox(text: string): Mailbox | null {
  const [, name = '', address = text] = WITH_NAME.exec(text) ?? [];
  const domain = ADDRESS.exec(address.trim())?.[1];
  return domain === undefined ? null : { name, address: address.trim(), domain };
}
