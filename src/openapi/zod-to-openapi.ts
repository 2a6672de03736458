import { z } from 'zod';

type JsonSchema = Record<string, unknown>;

/** What @nestjs/swagger expects of its `standardSchemaConverter`; it turns references to `$defs` into ones to components. */
interface Converted {
  readonly schema: JsonSchema;
  readonly components: Record<string, JsonSchema>;
}

/** On a schema that takes `undefined`: @nestjs/swagger calls every body required, see `common-responses.ts`. */
export const OPTIONAL_MARK = 'x-optional';

/**
 * A zod schema as JSON Schema for OpenAPI 3.1. A schema with `.meta({ id })` becomes a component of that name,
 * wherever it stands. Undefined for what is not zod's.
 */
export function zodToOpenApi(
  schema: unknown,
  { schemaType }: { schemaType: 'input' | 'output' },
): Converted | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  const json = z.toJSONSchema(schema, { io: schemaType, unrepresentable: 'any' });
  const { $schema: _, $defs = {}, ...root } = json;
  const isOptional = schemaType === 'input' && schema.safeParse(undefined).success;
  return { schema: isOptional ? { ...root, [OPTIONAL_MARK]: true } : root, components: $defs };
}
