import { definitionsIn } from './plugin-exports';

const one = { kind: 'gateway', name: 'one' };
const two = { kind: 'text', name: 'two' };
const namesIn = (exported: unknown) => {
  const read = definitionsIn(exported);
  return read.ok ? read.definitions.map(({ name }) => name) : read.problem;
};

describe('what a plug-in exports', () => {
  it.each<[string, object, string[]]>([
    ['by name', { one, helper: () => 1, two }, ['one', 'two']],
    ['by default', { default: one }, ['one']],
    ['as a list', { default: [one, two] }, ['one', 'two']],
    ['once, under two names', { default: one, one }, ['one']],
    ['as module.exports', { default: one, 'module.exports': one }, ['one']],
    ['as fields of module.exports', { default: { one, two }, one }, ['one', 'two']],
    [
      'as an ES module that was compiled to CommonJS',
      { default: { __esModule: true, default: one } },
      ['one'],
    ],
  ])('may be given %s', (_how, exported, names) => {
    expect(namesIn(exported)).toEqual(names);
  });

  it.each<[object, RegExp]>([
    [{}, /^exports no definition/],
    [{ default: () => one }, /^exports no definition/],
    [{ default: { name: 'acme', create: () => ({}) } }, /no definition: pass it through defineGateway/],
    [{ default: [{ name: 'acme' }] }, /no definition: pass it through defineGateway/],
    [{ default: { kind: 'webhook', name: 'acme' } }, /no definition: pass it through defineGateway/],
  ])('must be a definition: %j', (exported, problem) => {
    expect(namesIn(exported)).toMatch(problem);
  });

  it('may be anything else as well, also what throws when it is looked at', () => {
    const odd = Object.defineProperty({}, 'x', { enumerable: true, get: () => one.name.repeat(-1) });
    expect(namesIn({ odd, one })).toEqual(['one']);
  });
});
