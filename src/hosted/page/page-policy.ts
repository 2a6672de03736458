/** The content security policy of a page. */

export interface PolicyParts {
  readonly nonce: string;
  /** Browsers check redirects of forms as well. */
  readonly formTargets: readonly string[];
  /** Names of the risk checks that the application uses. */
  readonly checks: readonly string[];
  /** Origins that may show the page in a frame. */
  readonly frameOrigins: readonly string[];
}

/** Where widgets come from, and what they show themselves in. */
const vendors: Readonly<
  Record<string, { readonly script: string; readonly frame: string; readonly more?: string }>
> = {
  turnstile: { script: 'https://challenges.cloudflare.com', frame: 'https://challenges.cloudflare.com' },
  hcaptcha: {
    script: 'https://js.hcaptcha.com https://*.hcaptcha.com',
    frame: 'https://*.hcaptcha.com',
    more: 'https://*.hcaptcha.com',
  },
};

export function pagePolicy({ nonce, formTargets, checks, frameOrigins }: PolicyParts): string {
  const used = checks.flatMap((check) => vendors[check] ?? []);
  const scripts = used.map(({ script }) => script);
  const frames = used.map(({ frame }) => frame);
  const more = used.flatMap((vendor) => vendor.more ?? []);
  const directives: readonly (readonly [string, ...string[]])[] = [
    ['default-src', "'none'"],
    ['script-src', "'self'", ...scripts],
    ['style-src', "'self'", `'nonce-${nonce}'`, ...more],
    ['img-src', "'self'", 'data:'],
    ['connect-src', "'self'", ...more],
    ['worker-src', "'self'"],
    ...(frames.length > 0 ? [['frame-src', ...frames] as [string, ...string[]]] : []),
    ['base-uri', "'none'"],
    ['form-action', "'self'", ...formTargets],
    ['frame-ancestors', ...(frameOrigins.length > 0 ? frameOrigins : ["'none'"])],
  ];
  return directives.map((directive) => directive.join(' ')).join('; ');
}
