import { z } from 'zod';
import { aCheck, aGateway, aSink, aText } from '../../test/builders/plugins';
import { ExitCode, StartupError } from '../database/startup-error';
import { extend } from './extend';
import { builtInExtensions } from './extensions';
import type { MarkedDefinition } from './plugin-exports';

const added = (...definitions: MarkedDefinition[]) =>
  extend(builtInExtensions, [{ origin: './acme.mjs', definitions }]);
const problems = (...definitions: MarkedDefinition[]) => added(...definitions).problems;

describe('definitions of plug-ins', () => {
  it('are added to what is built in', () => {
    const { extensions, problems: none } = added(aGateway(), aCheck(), aSink(), aText());
    expect(none).toEqual([]);
    expect(Object.keys(extensions.gateways)).toEqual([
      ...Object.keys(builtInExtensions.gateways),
      'acme-sms',
    ]);
    expect(Object.keys(extensions.riskChecks)).toContain('acme-risk');
    expect(extensions.eventSinks.map(({ name }) => name)).toEqual(['acme-log']);
    expect(extensions.texts.map(({ name }) => name)).toEqual(['basque']);
  });

  // Catches: a plug-in that takes the place of a gateway, and gets its messages.
  it.each([
    [aGateway({ name: 'twilio' }), /"twilio" has a name that one that is built in has taken/],
    [aCheck({ name: 'turnstile' }), /"turnstile" has a name that one that is built in has taken/],
  ])('may not take the name of a built-in one: %#', (definition, problem) => {
    expect(problems(definition)).toEqual([expect.stringMatching(problem)]);
    expect(added(definition).extensions).toEqual(builtInExtensions);
  });

  it.each([aGateway, aCheck, aSink, aText])('may not have the name of one another: %#', (make) => {
    const { problems: found } = extend(builtInExtensions, [
      { origin: './a.js', definitions: [make()] },
      { origin: './b.js', definitions: [make()] },
    ]);
    expect(found).toEqual([expect.stringMatching(/^"\.\/b\.js": .* has a name that "\.\/a\.js" has taken/)]);
  });

  it('may share a name with one of another kind', () => {
    const { problems: found } = added(
      aGateway({ name: 'acme' }),
      aCheck({ name: 'acme' }),
      aSink({ name: 'acme' }),
    );
    expect(found).toEqual([]);
  });

  it.each<[string, MarkedDefinition, RegExp]>([
    [
      'for a later version',
      aGateway({ apiVersion: 2 }),
      /was made for version 2 of the port; this release knows 1:/,
    ],
    ['with a version that is none', aSink({ apiVersion: '1' }), /version unknown of the port/],
    ['without a name', aGateway({ name: undefined }), /name: must be the name/],
    ['with a name in capitals', aGateway({ name: 'Acme' }), /name: must be lower-case/],
    ['with a name that could be an account', aGateway({ name: 'acme.eu' }), /name: must be lower-case/],
    [
      'with a channel that nobody knows',
      aGateway({ channels: ['fax'] }),
      /channels\.0: must be one of sms, voice/,
    ],
    ['without validity', aGateway({ validity: undefined }), /validity: /],
    [
      'without docs',
      aGateway({ docs: { title: 'Acme', receipts: 'None.' } }),
      /docs\.verified: must be text/,
    ],
    ['without create', aSink({ create: undefined }), /create: must be a function/],
    ['without settings', aSink({ config: undefined }), /config: must be a schema of zod 4/],
    [
      'with settings of another library',
      aSink({ config: { parse: () => 1 } }),
      /config: must be a schema of zod 4/,
    ],
    ['with settings that are no object', aSink({ config: z.string() }), /config: must be an object schema/],
    [
      'with settings in snake case',
      aSink({ config: z.object({ a_b: z.string() }) }),
      /config: has the key "a_b"/,
    ],
    [
      'without a word on whether it asks',
      aCheck({ asksThePerson: 1 }),
      /asksThePerson: must be true or false/,
    ],
    ['with no language', aText({ locale: 'klingon-1' }), /locale: Use a BCP 47 language tag/],
    ['without wordings', aText({ texts: [] }), /texts: must hold a wording/],
    [
      'without the code',
      aText({ texts: [{ channel: 'sms', text: 'Kaixo' }] }),
      /texts\.0\.text: Show \{code\}/,
    ],
    [
      'with a link',
      aText({ texts: [{ channel: 'sms', text: '{code} https://evil.example' }] }),
      /texts\.0\.text: .*link/i,
    ],
    [
      'too long',
      aText({ texts: [{ channel: 'sms', text: `{code} ${'ñ'.repeat(600)}` }] }),
      /texts\.0\.text: Make it shorter/,
    ],
    [
      'of an e-mail without a subject',
      aText({ texts: [{ text: '{code}' }] }),
      /texts\.0\.subject: Write one/,
    ],
    [
      'twice the same',
      aText({
        texts: [
          { channel: 'sms', text: '{code}' },
          { channel: 'sms', text: 'Kode {code}' },
        ],
      }),
      /texts\.1: is for the same messages as a wording of the text "basque"/,
    ],
  ])('are refused %s, and the message names the field', (_what, definition, problem) => {
    const found = problems(definition);
    expect(found).toEqual([expect.stringMatching(problem)]);
    expect(found[0]).toMatch(/^"\.\/acme\.mjs": the (gateway|text|event sink|risk check) "/);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['throws', () => aText().kind.repeat(-1), /"acme-sms" cannot be used; create threw: RangeError/],
    ['returns nothing', () => undefined, /create returned something without send\(\)/],
    ['returns something else', () => ({ sned: () => 1 }), /create returned something without send\(\)/],
    ['returns a promise', () => Promise.resolve({}), /create returned a promise: it must return at once/],
  ])('whose create %s end the start with the exit code of a setting', (_what, create, problem) => {
    const gateway = added(aGateway({ create })).extensions.gateways['acme-sms'];
    expect(() => gateway?.create({}, {} as never)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(problem) as string,
        exitCode: ExitCode.wrongSetting,
      }) as Error,
    );
    expect(() => gateway?.create({}, {} as never)).toThrow(StartupError);
  });

  it('that ask a person must have a challenge', () => {
    const check = added(aCheck({ asksThePerson: true })).extensions.riskChecks['acme-risk'];
    expect(() => check?.create({}, {} as never)).toThrow('without challenge()');
  });
});
