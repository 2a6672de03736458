import type { OpenAPIObject } from '@nestjs/swagger';

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: object;
}

/** One call of the API, as its document describes it. */
export interface Operation {
  readonly method: (typeof methods)[number];
  readonly template: string;
  readonly parameters: readonly Parameter[];
  /** Names of what may stand in the query. */
  readonly query: readonly string[];
  readonly hasBody: boolean;
  /** Of a body in JSON; null: it takes none. */
  readonly bodySchema: object | null;
  /** A body that can be sent as it stands. */
  readonly example: unknown;
  /** Whether the key of the operator opens it, and no other. */
  readonly isAdmin: boolean;
  /** Imports alone may also be CSV, and large. */
  readonly isImport: boolean;
}

/** Every operation that a document names. */
export function operationsOf(document: OpenAPIObject): Operation[] {
  return Object.keys(document.paths).flatMap((template) =>
    methods.flatMap((method) => operationOf(document, template, method) ?? []),
  );
}

function operationOf(
  document: OpenAPIObject,
  template: string,
  method: Operation['method'],
): Operation | null {
  const described = document.paths[template]?.[method];
  if (!described) return null;
  const { parameters = [], requestBody, security = [] } = described;
  const own = parameters.filter((one): one is typeof one & Parameter => 'in' in one);
  return {
    method,
    template,
    parameters: own,
    query: own.filter((one) => one.in === 'query').map(({ name }) => name),
    ...bodyIn(requestBody && 'content' in requestBody ? requestBody.content : {}),
    isAdmin: security.length > 0 && security.every((kind) => 'adminKey' in kind),
  };
}

type Content = Readonly<Record<string, { readonly schema?: object; readonly example?: unknown }>>;

function bodyIn(content: Content): Pick<Operation, 'hasBody' | 'bodySchema' | 'example' | 'isImport'> {
  const json = content['application/json'];
  return {
    hasBody: Object.keys(content).length > 0,
    bodySchema: json?.schema ?? null,
    example: json?.example ?? null,
    isImport: 'text/csv' in content,
  };
}
