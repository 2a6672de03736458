const patterns = [
  /[\p{L}][\p{L}\p{N}+.-]*:\/\//u,
  /\b(?:www\.|tel:|sms:|mailto:)/iu,
  /(?<!\d|\d\.)\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)/u,
];
/** `acme.example`, also `acme.example/login`; not `e.g.`, and not what stands behind the @ of an e-mail address. */
const domain = /(?<![\p{L}\p{N}@._-])(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?![\p{L}\p{N}]*@)/gu;

/** Whether phones would show something in this text as a link to tap on. */
export function holdsLink(text: string): boolean {
  return patterns.some((pattern) => pattern.test(text)) || domainsIn(text).length > 0;
}

function domainsIn(text: string): string[] {
  return text.match(domain) ?? [];
}
