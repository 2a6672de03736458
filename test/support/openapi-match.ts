import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { OpenAPIObject } from '@nestjs/swagger';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

interface MediaTypes {
  readonly content?: Record<string, { schema?: object }>;
}

/** Compares what the server answers with what its OpenAPI document promises. */
export class OpenApiMatcher {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly compiled = new Map<object, ValidateFunction>();

  constructor(private readonly document: OpenAPIObject) {
    addFormats(this.ajv);
    this.ajv.addSchema({ $id: 'openapi', components: document.components });
  }

  /**
   * Throws when the route, the status or the shape is not documented.
   * @param path as called (`/v1/verifications/abc`) or as documented (`/v1/verifications/{id}`)
   */
  expectMatches(method: Method, path: string, status: number, body: unknown): void {
    const template = this.templateOf(path, method);
    const where = `${method.toUpperCase()} ${template} ${status}`;
    const response = this.document.paths[template]?.[method]?.responses[String(status)] as
      MediaTypes | undefined;
    if (!response) throw new Error(`${where} is not documented`);
    const schema = Object.values(response.content ?? {})[0]?.schema;
    if (schema) this.expectShape(where, schema, body);
    else if (!isEmpty(body)) throw new Error(`${where} is documented without a body`);
  }

  /** Whether a body is one that the document allows for this call, which is given as documented. */
  acceptsBody(method: Method, template: string, body: unknown): boolean {
    const request = this.document.paths[template]?.[method]?.requestBody as MediaTypes | undefined;
    const schema = Object.values(request?.content ?? {})[0]?.schema;
    if (!schema) throw new Error(`${method.toUpperCase()} ${template} is documented without a body`);
    return this.validator(schema)(body);
  }

  /** Throws when a body is not of a schema that the document names. */
  expectIs(name: string, body: unknown): void {
    const schema = this.document.components?.schemas?.[name];
    if (!schema) throw new Error(`there is no schema ${name}`);
    this.expectShape(name, schema, body);
  }

  private expectShape(where: string, schema: object, body: unknown): void {
    const validate = this.validator(schema);
    if (!validate(body)) throw new Error(`${where}: ${this.ajv.errorsText(validate.errors)}`);
  }

  private validator(schema: object): ValidateFunction {
    const validate = this.compiled.get(schema) ?? this.ajv.compile(absolute(schema));
    this.compiled.set(schema, validate);
    return validate;
  }

  private templateOf(path: string, method: Method): string {
    const [bare = path] = path.split('?');
    const found = Object.keys(this.document.paths).find((template) => {
      const pattern = template.replace(/\{[^/]+\}/g, '[^/]+');
      return this.document.paths[template]?.[method] && new RegExp(`^${pattern}$`).test(bare);
    });
    if (found === undefined) throw new Error(`${method.toUpperCase()} ${bare} is not documented`);
    return found;
  }
}

function isEmpty(body: unknown): boolean {
  return body === undefined || body === null || body === '';
}

/** References point into the document, which ajv knows as `openapi`. */
function absolute(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components')) as object;
}
