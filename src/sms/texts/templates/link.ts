const patterns = [
  /[\p{L}\p{N}]:\/\//u,
  /\b(?:www\.|tel:|sms:|mailto:)/iu,
  /(?<!\d|\d\.)\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)/u,
];
/**
 * `acme.example`, also `acme.example/login` and `उदाहरण.भारत`; not `e.g.`, and not what stands behind the @ of an
 * e-mail address.
 */
const domain =
  /(?<![\p{L}\p{M}\p{N}@._-])(?:[\p{L}\p{M}\p{N}-]+\.)+\p{L}[\p{L}\p{M}]+(?![\p{L}\p{M}\p{N}]*@)/gu;

/** What browsers take for the dot of a host name (UTS #46) wherever it stands. */
const dots = /[\uff0e\u2024\ufe52]/g;
/**
 * It ends sentences in East Asian texts, where no blank follows; before a small Latin letter, with which none begins,
 * it is meant for a dot.
 */
const fullStop = /(?<=[A-Za-z0-9\uff10-\uff5a])[\u3002\uff61](?=[a-z\uff41-\uff5a])/g;
/** Signs that nobody sees: in front of a dot they would make it none. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

export const LINK_REMEDY =
  'Remove the link (put a blank behind a full stop), or set allowLinks: people should learn that codes come without.';

/** Whether phones would show something in this text as a link to tap on. */
export function holdsLink(written: string): boolean {
  const text = written.replace(invisible, '').replace(dots, '.').replace(fullStop, '.');
  return patterns.some((pattern) => pattern.test(text)) || domainsIn(text).length > 0;
}

function domainsIn(text: string): string[] {
  return text.match(domain) ?? [];
}
