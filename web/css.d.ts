/** The text of a sheet, by `web/build.mjs`. */
declare module '*.css' {
  const text: string;
  // eslint-disable-next-line no-restricted-syntax -- esbuild's loader of texts exports them so
  export default text;
}
