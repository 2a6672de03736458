/** Where Sixdigit is, as seen from one of the two places of the component: `https://example.com`, or with a path behind it. */
export function rootOf(moduleUrl: string): string {
  return moduleUrl.replace(/\/(?:embed\/v1|assets)\/[^/]*$/, '');
}
