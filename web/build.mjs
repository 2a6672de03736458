/**
 * Makes what browsers load: `dist/public/`, with the hash of its content in each name, compressed beside it, and
 * `manifest.json` that says which name stands for what. Takes well under a second; `npm start` and `npm run build`
 * call it. A bundle that grows over its budget fails the build: people wait for it on slow phones.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const web = dirname(fileURLToPath(import.meta.url));
const target = join(dirname(web), 'dist/public');

/**
 * gzip, in bytes. Worker and challenge are loaded only where a check asks for them, the component's countries only
 * where a number is asked for.
 */
const budgets = {
  script: 16_384,
  style: 5_120,
  worker: 2_048,
  challenge: 2_048,
  countries: 2_048,
  component: 15_000,
};

const browsers = ['chrome100', 'firefox100', 'safari15.4'];
const common = {
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
  target: browsers,
  jsx: 'automatic',
  // In browsers JSX is plain data for `patch.ts`; only the server renders with Preact.
  jsxImportSource: 'preact',
  alias: { 'preact/jsx-runtime': join(web, 'verify/patch/jsx-runtime.ts') },
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
};

async function bundle(entry, options = {}) {
  const { outputFiles } = await build({ ...common, ...options, entryPoints: [join(web, entry)] });
  return outputFiles[0].contents;
}

const hashOf = (content, algorithm, encoding) => createHash(algorithm).update(content).digest(encoding);

/** Beside it compressed, so that no request pays for that. */
function put(path, content) {
  const file = join(target, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(
    `${file}.br`,
    brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
  );
}

function hashed(name, content) {
  const at = name.lastIndexOf('.');
  const path = `assets/${name.slice(0, at)}-${hashOf(content, 'sha256', 'hex').slice(0, 16)}${name.slice(at)}`;
  put(path, content);
  return `/${path}`;
}

function keepBudget(name, content) {
  const size = gzipSync(content, { level: 9 }).length;
  if (size > budgets[name]) throw new Error(`${name}: ${size} bytes gzip, the budget is ${budgets[name]}`);
  return size;
}

rmSync(target, { recursive: true, force: true });
const [script, worker, style, challenge, countries, tryScript, tryStyle] = await Promise.all([
  bundle('verify/client.tsx'),
  bundle('verify/worker.ts'),
  bundle('verify/page.css'),
  bundle('verify/embed/challenge.ts'),
  bundle('verify/number/countries.generated.ts'),
  bundle('try/client.ts'),
  bundle('try/try.css'),
]);
/** From the root, which the component finds by itself. */
const besides = (name, content) => JSON.stringify(hashed(name, content));
const component = await bundle('verify/component.tsx', {
  plugins: [cssText(), scriptOnly()],
  define: {
    CHALLENGE_FILE: besides('challenge.js', challenge),
    COUNTRIES_FILE: besides('countries.js', countries),
  },
});

/** `import css from './component.css'` is the text of the sheet: it is adopted, never written into the page. */
function cssText() {
  return {
    name: 'css-text',
    setup(builder) {
      builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
        const sheet = await build({ ...common, entryPoints: [path] });
        return { contents: sheet.outputFiles[0].text.trim(), loader: 'text' };
      });
    },
  };
}

/** What is rendered where no script runs is not in the component. */
function scriptOnly() {
  return {
    name: 'script-only',
    setup(builder) {
      builder.onLoad({ filter: /native-select\.tsx$/ }, () => ({
        contents: 'export const NativeSelect = () => null;',
      }));
    },
  };
}

const sizes = Object.entries({ script, style, worker, challenge, countries, component }).map(
  ([name, content]) => [name, keepBudget(name, content)],
);

put('embed/v1/sixdigit-verify.js', component);
const manifest = {
  script: hashed('page.js', script),
  style: hashed('page.css', style),
  worker: hashed('worker.js', worker),
  /** Of the demo in development. */
  try: { script: hashed('try.js', tryScript), style: hashed('try.css', tryStyle) },
  component: {
    path: hashed('sixdigit-verify.js', component),
    integrity: `sha384-${hashOf(component, 'sha384', 'base64')}`,
  },
  /** gzip, in bytes. */
  sizes: Object.fromEntries(sizes),
};
writeFileSync(join(target, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
