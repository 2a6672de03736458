/** Which methods each address takes: lets a 404 be told from a 405. */
export class RouteTable {
  private readonly routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];

  /** `path` as the router writes it: `/v1/verifications/:id/checks`. */
  add(path: string, methods: string | readonly string[]): void {
    const list = typeof methods === 'string' ? [methods] : methods;
    this.routes.push({ pattern: toPattern(path), methods: list });
  }

  /** Sorted, without repeats; empty when no route has this path. */
  methodsFor(path: string): string[] {
    const matching = this.routes.filter(({ pattern }) => pattern.test(path));
    return [...new Set(matching.flatMap(({ methods }) => methods))].sort();
  }
}

function toPattern(path: string): RegExp {
  const segments = path.split('/').map((segment) => {
    if (segment === '*') return '.*';
    return segment.startsWith(':') ? '[^/]+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${segments.join('/')}$`);
}
