import { z } from 'zod';

type Nullish<Shape extends z.ZodRawShape> = {
  [Key in keyof Shape]: z.ZodOptional<z.ZodNullable<Shape[Key]>>;
};

/** A change of an object with these fields (RFC 7396): each of them may be absent, which leaves it, or null, which removes it. */
export function patchOf<Shape extends z.ZodRawShape>(shape: Shape) {
  const entries = Object.entries(shape).map(([key, field]) => [key, z.nullish(field)]);
  // Object.fromEntries forgets the names of the keys; the map above keeps every one.
  return z.strictObject(Object.fromEntries(entries) as Nullish<Shape>);
}
