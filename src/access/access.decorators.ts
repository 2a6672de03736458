import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Principal, Scope } from './principal';

/** Who may call a route. A route without any rule is refused: forgetting a decorator locks the door, never opens it. */
export type AccessRule =
  | { readonly kind: 'public' }
  | { readonly kind: 'admin' }
  | { readonly kind: 'scope'; readonly scope: Scope; readonly orAdmin: boolean };

/** Metadata key under which a route, or its controller, keeps its {@link AccessRule}. */
export const ACCESS_RULE = 'sixdigit:access-rule';

/** The part of a Fastify request that the guards read and write. */
export interface AccessRequest {
  readonly headers: { readonly authorization?: string };
  /** The client's address; behind `TRUST_PROXY` hops the forwarded one. */
  readonly ip: string;
  /** Set by the identify guard: SHA-256 of the key that was sent. */
  keyDigest?: string;
  /** Set by the access guard on routes that need a scope; null: the operator, on routes that let both in. */
  principal?: Principal | null;
  /** Set by the access guard on routes that need no key: whether the admin key was sent all the same. */
  isOperator?: boolean;
}

const setRule = (rule: AccessRule) => SetMetadata(ACCESS_RULE, rule);

/** Needs an API key with this scope. */
export const RequireScope = (scope: Scope) => setRule({ kind: 'scope', scope, orAdmin: false });

/** Needs an API key with this scope, which sees its own application, or the admin key, which sees all. */
export const RequireScopeOrAdmin = (scope: Scope) => setRule({ kind: 'scope', scope, orAdmin: true });

/** Needs the admin key; an API key is refused whatever its scopes. */
export const AdminOnly = () => setRule({ kind: 'admin' });

/** Needs no key. */
export const Public = () => setRule({ kind: 'public' });

/** Whether the operator calls, for routes with `@Public()` that tell nobody else everything. */
export const IsOperator = createParamDecorator((_: unknown, context: ExecutionContext): boolean => {
  return context.switchToHttp().getRequest<AccessRequest>().isOperator === true;
});

/** The {@link Principal} of this call, for routes with `@RequireScope`. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<AccessRequest>();
  if (!principal) throw new Error('@CurrentPrincipal() stands on a route without @RequireScope()');
  return principal;
});

/** Who makes this call, for routes with `@RequireScopeOrAdmin`; null: the operator. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Principal | null => {
    const { principal } = context.switchToHttp().getRequest<AccessRequest>();
    if (principal === undefined)
      throw new Error('@CurrentCaller() stands on a route without @RequireScopeOrAdmin()');
    return principal;
  },
);
