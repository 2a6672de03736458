import { isUtf8 } from 'node:buffer';
import { DomainError } from './errors';
import { placeOfOddLength } from './odd-length';
import { invalidField } from './validation';

/** Deep enough for every body of this API, shallow enough that no recursive reader is ever hurt. */
const MAX_DEPTH = 8;

/** Keys that reach the prototype chain where an object is copied carelessly. */
const reservedKeys = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads a JSON body: UTF-8, one object at the top, no key twice, no key of the prototype chain, at most
 * eight levels. `undefined` when there is no body at all: many clients send `Content-Type: application/json`
 * with every POST, and whether a body is needed is for the route's schema to say.
 *
 * Two readers of one document that disagree on a repeated key are a classic way around a check, so
 * repeated keys are refused instead of resolved.
 *
 * @throws DomainError `invalid_request` naming the key, never a value
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw malformed('The body is not valid UTF-8.');
  const text = bytes.toString('utf8');
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidField('body', 'Expected an object: start the body with {.');
  }
  refuseBadKeys(text);
  // Only now it is known to be shallow.
  const odd = placeOfOddLength(value);
  if (odd) throw invalidField(odd.join('.') || 'body', 'Expected another type.');
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message repeats a piece of the text.
    throw malformed('The body is not valid JSON.');
  }
}

function malformed(detail: string): DomainError {
  return new DomainError('invalid_request', { detail, errors: [{ path: 'body', message: detail }] });
}

/** One level of the document: the keys seen in an object, or null for an array. */
interface Level {
  readonly keys: Set<string> | null;
  /** The key or index under which the walk currently is. */
  at: string | number;
}

/** Walks a text that is known to be JSON; only strings and brackets matter. */
function refuseBadKeys(text: string): void {
  const levels: Level[] = [];
  for (let i = 0; i < text.length; i++) {
    switch (text[i]) {
      case '{':
        enter(levels, { keys: new Set(), at: '' });
        break;
      case '[':
        enter(levels, { keys: null, at: 0 });
        break;
      case '}':
      case ']':
        levels.pop();
        break;
      case ',':
        nextItem(levels);
        break;
      case '"':
        i = readString(text, i, levels);
        break;
    }
  }
}

function enter(levels: Level[], level: Level): void {
  if (levels.length === MAX_DEPTH)
    throw invalidField(pathOf(levels), `Nested more than ${MAX_DEPTH} levels deep.`);
  levels.push(level);
}

function nextItem(levels: readonly Level[]): void {
  const level = levels[levels.length - 1];
  if (typeof level?.at === 'number') level.at++;
}

/** Returns the index of the closing quote. A string followed by a colon is a key. */
function readString(text: string, start: number, levels: readonly Level[]): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  const level = levels[levels.length - 1];
  if (level?.keys && isColonNext(text, end + 1)) {
    const raw = text.slice(start + 1, end);
    // "\u0061" and "a" are the same key.
    addKey(levels, level, raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw);
  }
  return end;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text[quote - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

function isColonNext(text: string, from: number): boolean {
  let i = from;
  while (text[i] === ' ' || text[i] === '\t' || text[i] === '\n' || text[i] === '\r') i++;
  return text[i] === ':';
}

function addKey(levels: readonly Level[], level: Level, key: string): void {
  level.at = key;
  if (reservedKeys.has(key))
    throw invalidField(pathOf(levels), 'This name is reserved: remove the property.');
  if (level.keys?.has(key)) throw invalidField(pathOf(levels), 'This property is given twice: give it once.');
  level.keys?.add(key);
}

function pathOf(levels: readonly Level[]): string {
  return levels.map(({ at }) => at).join('.');
}
