/**
 * Imports point one way. A folder may import from its own layer and from the layers above it in this list, and
 * nothing is exempt. `test/arch` plants violations and proves that each rule catches its own.
 */
const layers = [
  ['src/common'],
  ['config'],
  ['src/keys', 'src/database'],
  ['src/access'],
  ['src/audit', 'src/phone', 'src/otp/policy'],
  ['src/sms', 'src/limits', 'src/otp/slots', 'src/brand'],
  ['src/applications'],
  ['src/otp/relay', 'src/otp/deliveries'],
  ['src/otp/verifications'],
  [
    'src/operator',
    'src/statistics',
    'src/cleanup',
    'src/health',
    'src/openapi',
    'src/compat',
    'src/hosted',
    'src/console',
    'src/webhooks',
    'src/plugins',
  ],
  // What the world sees: the command line, and the doors of the package.
  ['src/cli', 'src/package', 'src/testing'],
];

/** Where the tree starts: the project, or a planted copy of its folders under test/arch. */
const root = '^(?:test/arch/planted/)?';
const inside = (folders) => `${root}(?:${folders.join('|')})/`;
const testFiles = '\\.(?:spec|int-spec|e2e-spec)\\.tsx?$';

/** A file whose name has no suffix: pure, see CONTRIBUTING. */
const pure = `${root}src/.+/[^/.]+\\.ts$`;

/** Files without suffix that are not pure, each with its reason. */
const impureByDesign = [
  `${root}src/sms/gateways/`, // a gateway is one plain file by rule, with its own effects behind the HTTP port
  `${root}src/database/`, // nothing but effects: processes, files, connections
  `${root}src/common/http/(?:body/(?:form-body|import-body|picture-body|raw-body)|api-problems)\\.ts$`, // HTTP itself
  `${root}src/common/outbound/(?:http-exchange|guarded-lookup)\\.ts$`, // HTTP itself, the other way
  `${root}src/common/logging/logger\\.ts$`, // the logger is pino itself
  `${root}src/(?:package|testing)/`, // doors of the package: what is Nest's in them is their purpose
  `${root}src/openapi/openapi-document\\.ts$`, // describes controllers in the words of @nestjs/swagger
];

/** What an application may set about a feature: `applications` composes its settings from these. */
const settingsSchemas = `${root}src/.+[-/](?:policy|settings)\\.dto\\.ts$`;

const layerRules = layers.slice(0, -1).map((folders, level) => ({
  name: `layer-${level}-imports-upwards`,
  severity: 'error',
  comment: `${folders.join(', ')} must not know what is built on top of it.`,
  from: { path: inside(folders), pathNot: testFiles },
  to: {
    path: [...layers.slice(level + 1).map(inside), `${root}src/[^/]+\\.ts$`],
  },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Two files that need each other are one file, or need a third.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'feature-shows-only-its-face',
      severity: 'error',
      comment:
        'From outside, a feature shows its module, services, pure files and the schema of its settings; nothing else.',
      from: { path: `${root}src/([^/]+)/`, pathNot: testFiles },
      to: {
        path: `${root}src/(?!common/)[^/]+/.+\\.(?:controller|repository|schema|guard|job|dto|pipeline)\\.ts$`,
        pathNot: [`${root}src/$1/`, settingsSchemas],
      },
    },
    {
      name: 'pure-stays-pure',
      severity: 'error',
      comment: 'A file without suffix holds rules: no framework, no database, no I/O.',
      from: { path: pure, pathNot: impureByDesign },
      to: {
        path: '(?:^|node_modules/)(?:@nestjs/|mongoose(?:/|$)|mongodb(?:/|$)|fastify(?:/|$)|pino(?:/|$)|undici(?:/|$)|(?:node:)?(?:fs|net|http|https|tls|dns|child_process)(?:/|$))',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'web-stands-alone',
      severity: 'error',
      comment: 'What runs in a browser knows nothing of the server; the server renders its views.',
      from: { path: `${root}web/`, pathNot: testFiles },
      to: { path: `${root}(?:src|config|test|bench|scripts)/`, pathNot: '^test/arch/planted/web/' },
    },
    {
      name: 'browser-gets-one-language',
      severity: 'error',
      comment: 'The server hands over the words of one; a bundle that reaches them has all of them in it.',
      from: { path: `${root}web/.+/(?:client|component)\\.tsx?$` },
      to: { path: `${root}web/verify/languages[./]`, reachable: true },
    },
    {
      name: 'product-imports-tooling',
      severity: 'error',
      comment: 'What runs in production must not need tests, benchmarks or scripts.',
      from: { path: `${root}(?:src|config)/`, pathNot: testFiles },
      to: { path: `${root}(?:test|bench|scripts)/`, pathNot: '^test/arch/planted/(?:src|config)/' },
    },
    {
      name: 'product-imports-dev-dependency',
      severity: 'error',
      from: { path: `${root}(?:src|config)/`, pathNot: testFiles },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only'] },
    },
    {
      name: 'driver-of-its-own',
      severity: 'error',
      comment: 'mongoose brings its driver; a second copy clashes with it. Use `mongo` from mongoose.',
      from: { path: '^(?:src|config|web|test|bench|scripts)/' },
      to: { path: '(?:^|node_modules/)mongodb(?:/|$)' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'Except this package by its own name, as its users import it: there only once it is built.',
      from: {},
      to: { couldNotResolve: true, pathNot: '^sixdigit(?:/|$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?:dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
