import type { z } from 'zod';

/** India's ids behind a sender, which is the only place where they may stand. */
const DLT_IDS = /(\/\d{10,25}){2}$/;

/**
 * What is wrong with senders that no channel of their gateway takes: no application could ever choose them, and each
 * that tried would be told that the operator does not allow it.
 * @param allowed one by one
 * @param schemas of the gateway's own senders, by channel
 */
export function problemsOfAllowed(allowed: readonly string[], schemas: readonly z.ZodType[]): string[] {
  return allowed.flatMap((sender) => {
    // As of a country, since only there India's ids are taken; the star is what some gateways insist on.
    const text = `IN:${sender};*:${sender.replace(DLT_IDS, '')}`;
    const problems = schemas.flatMap((schema) => problemOf(schema, text) ?? []);
    return problems.length < schemas.length ? [] : problems.slice(0, 1);
  });
}

function problemOf(schema: z.ZodType, text: string): string | null {
  const parsed = schema.safeParse(text);
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? 'is no sender');
}
