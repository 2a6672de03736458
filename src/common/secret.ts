import { inspect } from 'node:util';

const HIDDEN = '[secret]';

/**
 * A value that must not be logged or stored by accident: a clear code, a key. Printing, interpolating,
 * serialising to JSON or BSON and inspecting all give `[secret]`; only `reveal()` gives the value.
 */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The clear value. Call it at the last moment, and only where the value leaves for good. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  /** What the MongoDB driver would store. */
  toBSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

/**
 * An object whose fields read as usual, but that prints and serialises as `[secret]` as a whole: for settings
 * that hold credentials as plain strings. A copy of it (`{...value}`) is not protected.
 */
export function withHiddenFields<T extends object>(value: T): T {
  const hide = { value: () => HIDDEN, enumerable: false };
  return Object.defineProperties(value, { toJSON: hide, [inspect.custom]: hide });
}
