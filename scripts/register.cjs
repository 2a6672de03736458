/**
 * Lets plain Node run the TypeScript of this repository without a build: `node -r ./scripts/register.cjs file.ts`.
 * swc, because Nest needs the types of constructor parameters, which tools on esbuild cannot emit.
 */
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');

const compile = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename,
    sourceMaps: 'inline',
    jsc: {
      target: 'es2023',
      parser: { syntax: 'typescript', decorators: true, tsx: filename.endsWith('.tsx') },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        react: { runtime: 'automatic', importSource: 'preact' },
      },
      keepClassNames: true,
    },
    module: { type: 'commonjs', ignoreDynamic: true },
  });
  module._compile(code, filename);
};

require.extensions['.ts'] = compile;
require.extensions['.tsx'] = compile;
