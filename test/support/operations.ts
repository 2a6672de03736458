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
  /** In JSON. A picture is no such body. */
  readonly hasBody: boolean;
  /** Null: it takes none. */
  readonly bodySchema: object | null;
  /** A body that can be sent as it stands. */
  readonly example: unknown;
  /** Whether the key of the operator opens it, and no other. */
  readonly isAdmin: boolean;
  /** Imports alone may also be CSV, and large. */
  readonly isImport: boolean;
  /** Takes a PNG in place of JSON. */
  readonly isPicture: boolean;
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

type BodyParts = Pick<Operation, 'hasBody' | 'bodySchema' | 'example' | 'isImport' | 'isPicture'>;
type Content = Readonly<Record<string, { readonly schema?: object; readonly example?: unknown }>>;

function bodyIn(content: Content): BodyParts {
  const json = content['application/json'];
  return {
    hasBody: json !== undefined,
    bodySchema: json?.schema ?? null,
    example: json?.example ?? null,
    isImport: 'text/csv' in content,
    isPicture: 'image/png' in content,
  };
}
