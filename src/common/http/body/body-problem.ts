import type { ExecutionContext } from '@nestjs/common';
import type { DomainError } from '../../errors';
import { invalidRequest, type Issue } from '../../validation';

interface BodySchema {
  readonly '~standard': { validate(value: unknown): unknown };
}

/** Nest's `ROUTE_ARGS_METADATA`, and `RouteParamtypes.BODY`, under which it keeps what `@Body()` was given. */
const ROUTE_ARGS_METADATA = '__routeArguments__';
const BODY = '3:';

/**
 * What is wrong with the body of a call that a guard is about to refuse. Guards run before pipes, but the order
 * of answers is 400 before 401 and 403; a call that passes the guard has its body checked once, by the pipe.
 */
export function bodyProblem(context: ExecutionContext): DomainError | null {
  const parameters = (Reflect.getMetadata(
    ROUTE_ARGS_METADATA,
    context.getClass(),
    context.getHandler().name,
  ) ?? {}) as Record<string, { schema?: BodySchema } | undefined>;
  const schema = Object.entries(parameters).find(([key]) => key.startsWith(BODY))?.[1]?.schema;
  if (!schema) return null;
  const { body } = context.switchToHttp().getRequest<{ body?: unknown }>();
  const result = schema['~standard'].validate(body) as { issues?: readonly Issue[] };
  return result.issues ? invalidRequest(result.issues, body, 'body') : null;
}
