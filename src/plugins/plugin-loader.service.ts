import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withTimeout } from '../common/with-timeout';
import { type Extended, extend, type Origin } from './extend';
import { builtInExtensions, type Extensions } from './extensions';
import { reasonOf } from './guarded-definition';
import { definitionsIn } from './plugin-exports';
import { isPath, readPluginNames } from './plugin-names';

/** A module that does not end loading by then never does: it waits for something at its top level. */
const LOAD_TIMEOUT_MS = 10_000;

export interface LoaderOptions {
  /** What is there already. */
  readonly base?: Extensions;
  /** Paths and packages are looked for from here. */
  readonly folder?: string;
  readonly timeoutMs?: number;
  /** Handed in by tests: Jest's own modules know no ES modules. */
  readonly importModule?: (url: string) => Promise<unknown>;
}

/** Why a plug-in is not there, with the remedy. */
class PluginProblem extends Error {}

type Loaded = Origin | { readonly origin: string; readonly problem: string };

/**
 * Loads what `PLUGINS` names and adds it to what is there. All of them are tried, so that all problems are told at
 * once, each as `PLUGINS: "<plug-in>": remedy`. The modules run in this process: they are code that the operator trusts.
 * @param text the value of `PLUGINS`
 */
export async function loadPlugins(text: string | undefined, options: LoaderOptions = {}): Promise<Extended> {
  const { base = builtInExtensions, folder = process.cwd() } = options;
  const { names, problems } = readPluginNames(text);
  const modules = resolveAll(names, folder);
  const loaded = await Promise.all(
    modules.map(async (one): Promise<Loaded> => ('url' in one ? load(one, options) : one)),
  );
  const origins = loaded.flatMap((one) => ('problem' in one ? [] : [one]));
  const extended = extend(base, origins);
  const failed = loaded.flatMap((one) => ('problem' in one ? [`"${one.origin}": ${one.problem}`] : []));
  return {
    extensions: extended.extensions,
    problems: [...problems, ...failed, ...extended.problems].map((problem) => `PLUGINS: ${problem}`),
  };
}

interface Resolved {
  readonly origin: string;
  readonly url: string;
}

function resolveAll(
  names: readonly string[],
  folder: string,
): (Resolved | Extract<Loaded, { problem: string }>)[] {
  const seen = new Map<string, string>();
  return names.map((origin) => {
    try {
      const url = pathToFileURL(isPath(origin) ? fileAt(origin, folder) : packageAt(origin, folder)).href;
      const before = seen.get(url);
      if (before !== undefined) return { origin, problem: `is the same module as "${before}"; remove one` };
      seen.set(url, origin);
      return { origin, url };
    } catch (error) {
      return {
        origin,
        problem: error instanceof PluginProblem ? error.message : `cannot be read: ${reasonOf(error)}`,
      };
    }
  });
}

function fileAt(name: string, folder: string): string {
  const path = resolve(folder, name);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found)
    throw new PluginProblem(`does not exist at ${path}; paths are relative to the working directory`);
  if (!found.isDirectory()) return path;
  try {
    return createRequire(join(folder, 'plugins.js')).resolve(path);
  } catch {
    throw new PluginProblem('is a directory without a package.json whose "main" is there; name the file');
  }
}

function packageAt(name: string, folder: string): string {
  try {
    return createRequire(join(folder, 'plugins.js')).resolve(name);
  } catch (error) {
    const entry = importedEntry(name, folder);
    if (entry !== null) return entry;
    const isThere = (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND';
    throw new PluginProblem(
      isThere
        ? `has no entry under this name: its "exports" or "main" lead nowhere`
        : `is not installed in ${folder}; run npm install ${name}, or write ./${name} for a file`,
    );
  }
}

/** Of a package with an entry for `import` alone, which `require.resolve` does not see. */
function importedEntry(name: string, folder: string): string | null {
  const parts = name.split('/');
  const length = name.startsWith('@') ? 2 : 1;
  const root = packageRoot(parts.slice(0, length).join('/'), folder);
  if (root === null) return null;
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports?: unknown };
  const subpath = ['.', ...parts.slice(length)].join('/');
  const target = entryOf(exports, subpath);
  return target === null ? null : join(root, target);
}

function packageRoot(name: string, folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    const root = join(at, 'node_modules', name);
    if (existsSync(join(root, 'package.json'))) return root;
    if (dirname(at) === at) return null;
  }
}

const CONDITIONS: readonly string[] = ['node', 'import', 'module-sync', 'default'];

/** As Node reads `exports`, for names without patterns. */
function entryOf(exports: unknown, subpath: string): string | null {
  if (typeof exports === 'string') return subpath === '.' ? exports : null;
  if (typeof exports !== 'object' || exports === null) return null;
  const entries = Object.entries(exports);
  const isOfSubpaths = entries.some(([key]) => key.startsWith('.'));
  if (isOfSubpaths) return entryOf(Object.fromEntries(entries)[subpath], '.');
  const [, target] = entries.find(([condition]) => CONDITIONS.includes(condition)) ?? [];
  return entryOf(target, '.');
}

async function load({ origin, url }: Resolved, options: LoaderOptions): Promise<Loaded> {
  const { timeoutMs = LOAD_TIMEOUT_MS, importModule = (address: string) => import(address) } = options;
  try {
    const late = () => new PluginProblem(lateBy(timeoutMs));
    const read = definitionsIn(await withTimeout(importModule(url), timeoutMs, late));
    return read.ok ? { origin, definitions: read.definitions } : { origin, problem: read.problem };
  } catch (error) {
    return { origin, problem: error instanceof PluginProblem ? error.message : loadProblem(url, error) };
  }
}

const lateBy = (ms: number): string =>
  `did not end loading within ${ms / 1000} s: it waits for something at its top level; move that into create`;

const TYPESCRIPT = /\.[cm]?tsx?$/;
/** Node without a loader, and Node that strips types and meets what cannot be stripped. */
const UNREADABLE: readonly unknown[] = [
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
];

function loadProblem(url: string, error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (TYPESCRIPT.test(url) && (UNREADABLE.includes(code) || error instanceof SyntaxError))
    return 'is TypeScript, which this Node.js does not read: compile it and name the .js file, or start Node.js with a loader';
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return 'is no module: name a .js, .mjs or .cjs file';
  return `threw while it was loaded: ${reasonOf(error)}`;
}
