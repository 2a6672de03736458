import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { randomBytes } from '../../common/random-bytes';
import { KeyRing } from '../../keys/key-ring.service';
import type { Surface } from './process';

const SECRET_BYTES = 32;
/** As long as any id, 128 bits and more. */
const ID_LENGTH = 22;
/** Tell people and secret scanners what the string is. A link needs none: it is an address. */
const SESSION_PREFIX = 'sds_';
const RESULT_PREFIX = 'sdr_';
/** 32 bytes as base64url. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** A result is made anew so often. */
const RESULT_STEP_MS = 60_000;
/** And works for so long after that: at least two minutes from when it was shown, never more than three. */
const RESULT_LIFE_MS = 2 * 60_000;

export type ResultVerdict = 'good' | 'late' | 'unknown';

/**
 * The tokens of a process, 256 bits each. Those that are handed out are keyed digests of its id: they can be made
 * again for whoever repeats a call, and nothing of them has to be stored but a digest by which they are found.
 */
@Injectable()
export class TokensService {
  constructor(private readonly keys: KeyRing) {}

  /** Of a process that is begun under an Idempotency-Key: the same for each repeat. */
  processId(applicationId: string, key: string): string {
    return this.digest('process', applicationId, key).slice(0, ID_LENGTH);
  }

  /** Of the link, or of the component's session. */
  tokenOf(processId: string, surface: Surface): string {
    const secret = this.digest('token', surface, processId);
    return surface === 'page' ? secret : SESSION_PREFIX + secret;
  }

  /** Under which a process is stored; null for what cannot be a token of that surface. */
  storedToken(token: string, surface: Surface): string | null {
    const prefix = surface === 'page' ? '' : SESSION_PREFIX;
    if (!token.startsWith(prefix) || !SECRET.test(token.slice(prefix.length))) return null;
    return createHash('sha256').update(token).digest('base64url');
  }

  /** What the cookie of a browser holds. */
  newVisit(): string {
    return randomBytes(SECRET_BYTES).toString('base64url');
  }

  /** The visitor of a process, by what the cookie holds; null for what cannot be one. */
  visitorOf(processId: string, cookie: string | undefined): string | null {
    return cookie !== undefined && SECRET.test(cookie) ? this.digest('visitor', processId, cookie) : null;
  }

  /** Ties unsafe calls to the browser that was shown the form. */
  formToken(processId: string, visitor: string): string {
    return this.digest('form', processId, visitor);
  }

  isFormToken(given: unknown, processId: string, visitor: string): boolean {
    return typeof given === 'string' && isSame(given, this.formToken(processId, visitor));
  }

  /** The proof, as it is now. */
  resultToken(processId: string, now: Date): string {
    return this.resultAt(processId, stepAt(now));
  }

  /** @param since when the process was begun: there is no result from before */
  judgeResult(token: string, processId: string, { since, now }: { since: Date; now: Date }): ResultVerdict {
    const [first, last] = [stepAt(since), stepAt(now)];
    for (let step = last; step >= first; step -= 1) {
      if (!isSame(token, this.resultAt(processId, step))) continue;
      const endsAt = (step + 1) * RESULT_STEP_MS + RESULT_LIFE_MS;
      return now.getTime() < endsAt ? 'good' : 'late';
    }
    return 'unknown';
  }

  /** Under which a call to the engine takes effect once. */
  operationKey(...about: string[]): string {
    return this.digest('operation', ...about);
  }

  private resultAt(processId: string, step: number): string {
    return RESULT_PREFIX + this.keys.digest('hosted-result', processId, String(step)).toString('base64url');
  }

  private digest(...fields: string[]): string {
    return this.keys.digest('hosted', ...fields).toString('base64url');
  }
}

const stepAt = (time: Date): number => Math.floor(time.getTime() / RESULT_STEP_MS);

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
