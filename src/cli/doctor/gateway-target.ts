/** Where a gateway lives, as far as its settings tell; null: nowhere outside (the sandbox). */
export type GatewayTarget =
  | { readonly kind: 'http'; readonly url: string; readonly host: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** @param config the validated settings of a gateway */
export function targetOf(config: unknown): GatewayTarget | null {
  const { baseUrl, url, host, port } = (config ?? {}) as Readonly<Record<string, unknown>>;
  const address = baseUrl ?? url;
  if (typeof address === 'string' && URL.canParse(address)) {
    const { origin, hostname } = new URL(address);
    // Nothing behind the host: a path or a query may do something, or hold a secret.
    return { kind: 'http', url: `${origin}/`, host: hostname };
  }
  if (typeof host === 'string' && typeof port === 'number') return { kind: 'tcp', host, port };
  return null;
}
