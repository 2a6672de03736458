/** The body of a generic gateway call: a text with `{{name}}` in it, whose values are escaped by content type. */

const fields = [
  'id',
  'to',
  'toDigits',
  'from',
  'text',
  'receiptUrl',
  'clientReference',
  'validitySeconds',
] as const;
export type TemplateValues = Readonly<Record<(typeof fields)[number], string>>;

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** One pass: a placeholder inside a value stays text. */
export function renderTemplate(template: string, contentType: string, values: TemplateValues): string {
  const escape = escaperFor(contentType);
  return template.replace(PLACEHOLDER, (_whole, name: keyof TemplateValues) => escape(values[name]));
}

/** What is wrong with a template, as a remedy; null when nothing is. */
export function templateProblem(template: string, contentType: string): string | null {
  const names = Array.from(template.matchAll(PLACEHOLDER), (match) => match[1]);
  const unknown = names.find((name) => !(fields as readonly (string | undefined)[]).includes(name));
  if (unknown !== undefined) return `knows no {{${unknown}}}; there are ${fields.join(', ')}`;
  if (!names.includes('text')) return 'must contain {{text}}';
  if (!names.includes('to') && !names.includes('toDigits')) return 'must contain {{to}} or {{toDigits}}';
  return isJson(contentType) && !parses(template) ? 'must be JSON; placeholders stand inside quotes' : null;
}

/** Whether a template (with no problem) has that field. */
export function hasField(template: string, field: keyof TemplateValues): boolean {
  return Array.from(template.matchAll(PLACEHOLDER), (match) => match[1]).includes(field);
}

function isJson(contentType: string): boolean {
  return /^application\/([^;]*\+)?json\b/i.test(contentType);
}

/** With values that need every kind of escape, so that an unquoted placeholder shows. */
function parses(template: string): boolean {
  const awkward = 'a"\\\n';
  const values = Object.fromEntries(fields.map((name) => [name, awkward])) as TemplateValues;
  try {
    JSON.parse(renderTemplate(template, 'application/json', values));
    return true;
  } catch {
    return false;
  }
}

function escaperFor(contentType: string): (value: string) => string {
  if (isJson(contentType)) return (value) => JSON.stringify(value).slice(1, -1);
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) return encodeForm;
  if (/^(application|text)\/([^;]*\+)?xml\b/i.test(contentType)) return escapeXml;
  return (value) => value;
}

/** Half a surrogate pair, on which encodeURIComponent would throw, becomes U+FFFD first. */
function encodeForm(value: string): string {
  return encodeURIComponent(Buffer.from(value, 'utf8').toString('utf8'));
}

export function escapeXml(value: string): string {
  return value.replace(/[<>&'"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
