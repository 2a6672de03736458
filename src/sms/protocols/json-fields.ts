/** Reading what a vendor sent, whatever it is: what is not as documented is as if it were not there. */
import { isObject } from '../../common/json-object';

export type Fields = Readonly<Record<string, unknown>>;

/** The object; an empty one for anything else. */
export function fieldsIn(value: unknown): Fields {
  return isObject(value) ? value : {};
}

/** The objects of a list; none for anything else. */
export function objectsIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A whole number above zero; undefined for anything else. */
export function countIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

/** A name in capitals, as vendors name their errors: nothing that a text, a number or a code could be mistaken for. */
export function wordIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(value) ? value : undefined;
}
