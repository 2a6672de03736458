import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { ErrorCode } from '../errors';
import { problemKinds, problemMediaType } from '../problem';

/**
 * Documents the refusals that are special to a route. What every route may answer (400, 401, 403, 429, 500,
 * 503…) is added for all of them, see `openapi/common-responses.ts`.
 */
export function ApiProblems(...codes: readonly ErrorCode[]): MethodDecorator & ClassDecorator {
  const statuses = [...new Set(codes.map((code) => problemKinds[code].status))];
  const withStatus = (status: number) => codes.filter((code) => problemKinds[code].status === status);
  return applyDecorators(
    ...statuses.map((status) => ApiResponse({ status, ...problemResponse(withStatus(status)) })),
  );
}

/** One documented answer for codes that share a status. */
export function problemResponse(codes: readonly ErrorCode[]): {
  description: string;
  content: Record<string, { schema: { $ref: string } }>;
} {
  return {
    description: codes.map((code) => `\`${code}\`: ${problemKinds[code].title}.`).join(' '),
    content: { [problemMediaType]: { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}
