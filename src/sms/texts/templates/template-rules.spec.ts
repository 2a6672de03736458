import fc from 'fast-check';
import { anyText } from '../../../../test/builders/any-text';
import type { Template } from './template';
import { fitIssues, type TemplateSurroundings } from './template-fit';
import { confirmsPayment, templateIssues } from './template-rules';
import { parseTemplate, variables } from './template-syntax';

const issues = (template: Template) =>
  templateIssues(template).map(({ field, message }) => `${field}: ${message}`);
const problem = (text: string, more: Partial<Template> = {}) => issues({ text, ...more })[0] ?? null;

describe('a template', () => {
  it.each([
    '{code} is your code.',
    '{brand}: {code}, valid {minutes, plural, one {# minute} other {# minutes}}. Ask {contact}.',
    '{minutes, plural, =1 {{code}: one minute} other {{code}: # minutes}}',
    '{code}, {minutes, plural, =0 {{seconds, plural, one {# second} other {# seconds}}} other {# minutes}}',
    'Pay {amount} {currency} to {payee}: {code}',
    "Don't share {code}. C'est l''{brand}.",
    '{code} signs {digest}',
    'Two lines\n{code}',
    "Braces '{like these}' and {code}",
    '<#> {code}',
    '{currency, select, EUR {Bezahlen: {amount} {currency} an {payee}, {code}} other {Pay {amount} {currency} to {payee}: {code}}}',
  ])('may be %j', (text) => {
    expect(problem(text)).toBeNull();
  });

  it.each([
    ['Your code is on its way.', 'text: Show {code} in every branch.'],
    ['{minutes, plural, one {{code}} other {soon}}', 'text: Show {code} in every branch.'],
    ['{code} for {name}', /^text: Use only the variables \{code\}, \{minutes\}/],
    ['{code} {__proto__}', /^text: (Use only|Check the braces)/],
    ['{code', /^text: Check the braces/],
    ['{code}}', /^text: Check the braces/],
    ['{code} } {minutes}', /^text: Check the braces/],
    ["{code} '{quoted}' }", /^text: Check the braces/],
    ['{{code}}', /^text: Check the braces/],
    ['{code} {}', /^text: Name a variable/],
    ['{code} {minutes, plural, one {#}}', 'text: Give every plural and select an "other" branch.'],
    ['{code} {minutes, plural, one}', /^text: (Check the branches|Give every)/],
    ['{code} <b>{minutes}</b>', /^text: Remove tags/],
    ['{code} <b>', /^text: Remove tags/],
    ['{code} {amount, number}', /^text: Write numbers as/],
    ['{code} {minutes, date}', /^text: Write numbers as/],
    ['{code, plural, other {{code}}}', 'text: Use plural with minutes and seconds only.'],
    ['{code, select, 123456 {{code}} other {{code}}}', 'text: Use select with currency only.'],
    ["l'{code}' and {code}", /^text: Write two apostrophes/],
    ['{code} for {amount}', /^text: Show \{amount\}, \{currency\} and \{payee\} in every branch/],
    [
      '{minutes, plural, one {{code} {amount} {currency} {payee}} other {{code}}}',
      /^text: Show \{amount\}, \{currency\} and \{payee\} in every branch/,
    ],
    [
      '{minutes, plural, one {{code} {digest}} other {{code}}}',
      'text: Show {digest} in every branch, or in none.',
    ],
    ['{code}\u0007', /^text: Remove control characters/],
    ['{code}\r\n@evil.example #1', /^text: Remove control characters/],
    ['{code} \u202etxt', /^text: Remove control characters/],
    ['{code} \u2028', /^text: Remove control characters/],
  ])('may not be %j', (text, expected) => {
    expect(problem(text)).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  it('has at most 64 texts in it', () => {
    const branch = '{minutes, plural, one {a} other {b}}';
    expect(problem('{code}' + branch.repeat(6))).toBeNull();
    expect(problem('{code}' + branch.repeat(7))).toMatch(/fewer branches/);
  });

  it('says the code twice by voice, and is none of ours for WhatsApp', () => {
    expect(problem('Your code: {code}.', { channel: 'voice' })).toMatch(/^text: Say \{code\} twice/);
    expect(problem('{code}. Again: {code}.', { channel: 'voice' })).toBeNull();
    expect(problem('{code}', { channel: 'whatsapp' })).toMatch(/^channel: Templates for WhatsApp/);
  });

  it('has a subject for e-mail alone, without the code, and with a payment only when the text has it', () => {
    const text = '{code}';
    expect(problem(text, { channel: 'email', subject: '{brand}: your code' })).toBeNull();
    expect(problem(text, { subject: 'Your code' })).toBeNull();
    expect(problem(text, { channel: 'sms', subject: 'Your code' })).toMatch(/^subject: Only an e-mail/);
    expect(problem(text, { subject: '{code} is it' })).toMatch(/^subject: Remove \{code\}/);
    expect(problem('{code} {digest}', { subject: '{digest}' })).toMatch(/^subject: Remove \{digest\}/);
    expect(problem(text, { subject: 'Two\nlines' })).toMatch(/^subject: Write one line/);
    expect(problem(text, { subject: '{amount}' })).toMatch(/^subject: Remove \{amount\}/);
    expect(problem('{code} {amount} {currency} {payee}', { subject: '{amount} {currency}' })).toBeNull();
  });

  it('is for payments when it shows amount, currency and payee', () => {
    expect(confirmsPayment('{code}: {amount} {currency} to {payee}')).toBe(true);
    expect(confirmsPayment('{code}')).toBe(false);
    expect(confirmsPayment('{broken')).toBe(false);
  });

  it('is read or refused with a remedy, whatever is typed', () => {
    const pieces = [..."{}',#<>/= ", 'plural', 'select', 'other', 'minutes', 'one', ...variables, 'x'];
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((all) => all.join(''));
    fc.assert(
      fc.property(fc.oneof(text, anyText({ maxLength: 100 })), (input) => {
        const parsed = parseTemplate(input);
        if ('problem' in parsed) expect(parsed.problem).toMatch(/^[A-Z].+\.$/s);
        else expect(parsed.variants.length).toBeGreaterThan(0);
        for (const { message } of templateIssues({ text: input })) expect(message).toMatch(/\.$/);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a template among the settings', () => {
  const fit = (text: string, settings: TemplateSurroundings = {}, more: Partial<Template> = {}) =>
    fitIssues({ text, ...more }, settings)[0]?.message ?? null;

  it('needs the brand and the contact that it shows', () => {
    expect(fit('{brand}: {code}', { brand: 'Acme' })).toBeNull();
    expect(fit('{brand}: {code}')).toMatch(/^Set brand/);
    expect(fit('{code} {contact}', { contact: 'help@acme.example' })).toBeNull();
    expect(fit('{code} {contact}')).toMatch(/^Set contact/);
  });

  it('holds no link, in no branch and no contact, unless the application allows it', () => {
    const text = '{minutes, plural, one {{code} https://acme.example} other {{code}}}';
    expect(fit(text)).toMatch(/^Remove the link/);
    expect(fit(text, { allowLinks: true })).toBeNull();
    expect(fit('{code} {contact}', { contact: 'acme.example/help' })).toMatch(/^Remove the link/);
    expect(fit('{code} acme.{currency}')).toMatch(/^Remove the link/);
    expect(fit('{code}', {}, { subject: 'See acme.example' })).toMatch(/^Remove the link/);
    expect(fit('{brand}: {code}', { brand: 'Booking.com' })).toBeNull();
  });

  it('takes at most three parts by SMS, with the longest values there may be', () => {
    expect(fit('{code} '.padEnd(455, 'x'))).toBeNull();
    expect(fit('{code} '.padEnd(456, 'x'))).toMatch(/^Make it shorter: it may take 4 parts/);
    expect(fit('{code} '.padEnd(456, 'x'), {}, { channel: 'email' })).toBeNull();
    expect(fit('{code} '.padEnd(197, 'ц'))).toBeNull();
    expect(fit('{code} '.padEnd(198, 'ц'))).toMatch(/4 parts/);
    // 201 characters of UCS-2 make three parts: accents alone cost the rest.
    expect(fit('{code} '.padEnd(250, 'á'))).toMatch(/4 parts/);
    expect(fit('{code} '.padEnd(250, 'á'), { transliterate: true })).toBeNull();
    expect(fit('{code} {amount} {currency} {payee} '.padEnd(400, 'x'))).toMatch(/4 parts/);
  });

  it('takes at most 140 bytes when the application has an app hash', () => {
    const settings = { appHash: 'FA+9qCX9VSu' };
    expect(fit('{code} '.padEnd(124, 'x'), settings)).toBeNull();
    expect(fit('{code} '.padEnd(125, 'x'), settings)).toMatch(/141 bytes, and Android reads 140/);
    expect(fit('{code} '.padEnd(125, 'x'), settings, { channel: 'email' })).toBeNull();
    expect(fit('{code} '.padEnd(110, 'x'), { ...settings, webOtpDomain: 'acme.example' })).toMatch(/Android/);
  });
});
