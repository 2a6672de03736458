import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { aGateway, aSink } from '../../test/builders/plugins';
import { loadPlugins } from './plugin-loader.service';

/** Jest has no ES modules: what a file would export is handed in by its address. Real ones are in test/e2e/plugins. */
describe('loading plug-ins', () => {
  let folder: string;
  const modules = new Map<string, () => Promise<unknown>>();

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'plugins-')));
    modules.clear();
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function file(path: string, exported: () => Promise<unknown> = () => Promise.resolve({}), text = '') {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    modules.set(pathToFileURL(join(folder, path)).href, exported);
  }
  const load = (text: string | undefined) =>
    loadPlugins(text, { folder, timeoutMs: 50, importModule: (url) => modules.get(url)!() });
  const problems = async (text: string) => (await load(text)).problems;
  const fails = (error: Error) => () => Promise.reject(error);

  it('is not done without PLUGINS', async () => {
    const { extensions, problems: none } = await load(undefined);
    expect(none).toEqual([]);
    expect(extensions.eventSinks).toEqual([]);
  });

  it('finds files, folders with a main and packages, whatever their entry', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const [a, b, c, d, e] = names.map((name) => () => Promise.resolve({ default: aSink({ name }) }));
    await file('a.mjs', a);
    await file('b/lib/main.js', b);
    await file('b/package.json', undefined, '{"main":"lib/main.js"}');
    await file('node_modules/c/index.js', c);
    await file('node_modules/@acme/d/esm.mjs', d);
    await file(
      'node_modules/@acme/d/package.json',
      undefined,
      '{"exports":{".":{"types":"./d.d.ts","import":"./esm.mjs"},"./extra":{"import":"./extra.mjs"}}}',
    );
    await file('node_modules/@acme/d/extra.mjs', e);
    const { extensions, problems: none } = await load('./a.mjs, ./b ,c,@acme/d,@acme/d/extra,');
    expect(none).toEqual([]);
    expect(extensions.eventSinks.map(({ name }) => name)).toEqual(names);
  });

  it('tells what is wrong, with the remedy, and goes on with the others', async () => {
    await mkdir(join(folder, 'folder'));
    await file('throws.js', fails(new Error('no such table')));
    await file('hangs.mjs', () => new Promise(() => undefined));
    await file('empty.js');
    await file('plain.ts', fails(Object.assign(new TypeError('x'), { code: 'ERR_UNKNOWN_FILE_EXTENSION' })));
    await file('data.json', fails(Object.assign(new TypeError('x'), { code: 'ERR_UNKNOWN_FILE_EXTENSION' })));
    await file('good.js', () => Promise.resolve({ gateway: aGateway() }));
    const found = await problems(
      './gone.js,./folder,./throws.js,./hangs.mjs,./empty.js,./plain.ts,./data.json,acme-risk,Not A Name,./good.js,./good.js,./folder/../good.js',
    );
    expect(found.map((problem) => problem.replaceAll(folder, '<here>'))).toEqual([
      'PLUGINS: "Not A Name": is neither a path nor the name of a package; paths begin with ./, ../ or /',
      'PLUGINS: "./good.js": is named twice; remove one',
      'PLUGINS: "./gone.js": does not exist at <here>/gone.js; paths are relative to the working directory',
      'PLUGINS: "./folder": is a directory without a package.json whose "main" is there; name the file',
      'PLUGINS: "./throws.js": threw while it was loaded: Error: no such table',
      'PLUGINS: "./hangs.mjs": did not end loading within 0.05 s: it waits for something at its top level; move that into create',
      expect.stringMatching(/^PLUGINS: "\.\/empty\.js": exports no definition: export what defineGateway/),
      'PLUGINS: "./plain.ts": is TypeScript, which this Node.js does not read: compile it and name the .js file, or start Node.js with a loader',
      'PLUGINS: "./data.json": is no module: name a .js, .mjs or .cjs file',
      'PLUGINS: "acme-risk": is not installed in <here>; run npm install acme-risk, or write ./acme-risk for a file',
      'PLUGINS: "./folder/../good.js": is the same module as "./good.js"; remove one',
    ]);
  });
});
