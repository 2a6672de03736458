import js from '@eslint/js';
import comments from '@eslint-community/eslint-plugin-eslint-comments/configs';
import tseslint from 'typescript-eslint';

/** The only places that may read the environment. */
const environmentReaders = ['config/**', 'bench/**', 'scripts/**', 'test/**'];
const tests = ['**/*.spec.{ts,tsx}', '**/*.int-spec.ts', '**/*.e2e-spec.ts', 'test/**', 'bench/**'];

const houseRules = [
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Not random enough for anything here: use the Random port or node:crypto.',
  },
  {
    selector:
      "CallExpression[callee.object.name='jest'][callee.property.name=/^(mock|doMock|unstable_mockModule)$/]",
    message: 'Fakes, not mocks: hand in a fake that passes the contract suite of its port.',
  },
  {
    selector: "Property[key.name='unit'][value.value='binary']",
    message: 'A second and 128 MB in each file: use anyText of test/builders/any-text.ts.',
  },
  {
    selector: "CallExpression[callee.name='expect'] CallExpression[callee.object.name='performance']",
    message: 'A busy machine takes longer: assert the cause, e.g. by a fake clock or the order of events.',
  },
  {
    selector:
      "BinaryExpression[operator=/^[!=]==?$/]:not([left.type='Literal']):not([right.type='Literal']):not([right.name='undefined']) > :matches(Identifier, MemberExpression > Identifier.property)[name=/^(mac|digest|secret|signature|apiKey|adminKey|codeHash|keyHash)$/]",
    message: 'Compare secrets in constant time: crypto.timingSafeEqual, or sameBytes of the key helpers.',
  },
];
const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only config/ reads the environment: inject a settings slice.',
};
const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Named exports; a default export marks a plug-in in src/sms/gateways or src/limits/risk/checks.',
};

export default tseslint.config(
  {
    ignores: ['dist/', 'examples/*/dist/', 'coverage/', 'node_modules/', '.sixdigit/', 'test/arch/planted/'],
  },
  js.configs.recommended,
  comments.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 250, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 50 }],
      complexity: ['error', 10],
      'max-params': ['error', 5],
      'no-restricted-syntax': ['error', ...houseRules, noEnvironment, noDefaultExport],
      'no-console': 'error',
      eqeqeq: ['error', 'smart'],
      '@typescript-eslint/no-floating-promises': 'error',
      // Never asks for a type import of what a decorated constructor takes: with decorator metadata switched on,
      // the rule leaves files with decorators alone.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // Libraries type their plain option objects as classes.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@eslint-community/eslint-comments/require-description': ['error', { ignore: ['eslint-enable'] }],
      '@eslint-community/eslint-comments/no-unused-disable': 'error',
    },
  },
  {
    files: environmentReaders,
    rules: { 'no-restricted-syntax': ['error', ...houseRules, noDefaultExport] },
  },
  {
    files: ['src/sms/gateways/**', 'src/limits/risk/checks/**'],
    rules: { 'no-restricted-syntax': ['error', ...houseRules, noEnvironment] },
  },
  {
    files: [...tests, 'scripts/**'],
    rules: {
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': 'off',
      'no-console': 'off',
      '@typescript-eslint/no-require-imports': 'off',
    },
  },
  {
    files: tests,
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-deprecated': 'off',
    },
  },
  {
    // Playwright reads from the first parameter which fixtures a fixture needs.
    files: ['test/browser/fixtures.ts'],
    rules: { 'no-empty-pattern': 'off' },
  },
  {
    // Test runners, and the loader of plug-ins, know these by their default export.
    files: ['test/support/global-*.ts', 'test/browser/playwright.config.ts', 'test/e2e/plugins/fixtures/*'],
    rules: { 'no-restricted-syntax': ['error', ...houseRules] },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
  {
    // Compiled and checked against the types of the package that is installed beside them, by their own test.
    files: ['examples/**/*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      'no-restricted-syntax': ['error', ...houseRules],
      'no-console': 'off',
      // Nest asks for the types that a constructor takes while the program runs.
      '@typescript-eslint/consistent-type-imports': 'off',
    },
  },
  {
    files: ['examples/**'],
    languageOptions: {
      globals: { AbortSignal: 'readonly', Buffer: 'readonly', document: 'readonly', fetch: 'readonly' },
    },
  },
);
