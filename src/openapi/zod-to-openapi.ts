import { z } from 'zod';

type JsonSchema = Record<string, unknown>;

/** What @nestjs/swagger expects of its `standardSchemaConverter`. */
interface Converted {
  readonly schema: JsonSchema;
  readonly components: Record<string, JsonSchema>;
}

/**
 * A zod schema as JSON Schema for OpenAPI 3.1. A schema with `.meta({ id })` becomes a component of that name,
 * wherever it stands. Undefined for what is not zod's.
 */
export function zodToOpenApi(
  schema: unknown,
  { schemaType }: { schemaType: 'input' | 'output' },
): Converted | undefined {
  if (!(schema instanceof z.ZodType)) return undefined;
  const {
    $schema: _,
    $defs: components = {},
    ...root
  } = z.toJSONSchema(schema, { io: schemaType, unrepresentable: 'any' });
  const id = schema.meta()?.id;
  const named = mapValues(components as Record<string, JsonSchema>, withoutId);
  if (id === undefined) return { schema: root, components: named };
  return { schema: { $ref: `#/components/schemas/${id}` }, components: { ...named, [id]: withoutId(root) } };
}

function withoutId({ id: _id, $id: _, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

function mapValues<In, Out>(record: Record<string, In>, map: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
