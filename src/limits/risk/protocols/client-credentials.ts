/** Access tokens by OAuth 2.0 client credentials (RFC 6749 §4.4), one at a time and kept while they are good. */
import { jsonObject } from '../../../common/json-object';
import type { HttpClient, HttpRequest, HttpResponse } from '../../../common/outbound/http-client';
import type { Clock } from '../../../common/clock';
import type { UnknownReason } from '../check';
import { whyNoAnswer } from './ask';

export interface ClientCredentials {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
}

/** Not used any more when it has less than this to live: a call with it takes time. */
const MARGIN_MS = 30_000;
/** Of a token whose life is not told. */
const UNTOLD_LIFE_SECONDS = 300;
const MAX_LIFE_SECONDS = 86_400;

/** A token, or why there is none. */
export type TokenAnswer =
  { readonly ok: true; readonly token: string } | { readonly ok: false; readonly reason: UnknownReason };

export class AccessTokens {
  private current: { readonly answer: TokenAnswer & { ok: true }; readonly goodUntil: number } | null = null;
  private asking: Promise<TokenAnswer> | null = null;

  constructor(
    private readonly credentials: ClientCredentials,
    private readonly http: HttpClient,
    private readonly clock: Clock,
  ) {}

  /**
   * Never rejects. Who comes while one is asked for waits for the same answer, which ends no later than at the first
   * one's signal.
   */
  get(signal: AbortSignal): Promise<TokenAnswer> {
    if (this.current && this.clock.monotonic() < this.current.goodUntil)
      return Promise.resolve(this.current.answer);
    this.asking ??= this.ask(signal).finally(() => (this.asking = null));
    return this.asking;
  }

  /** It was not believed: the next call asks for another one. */
  forget(answer: TokenAnswer): void {
    if (this.current?.answer === answer) this.current = null;
  }

  private async ask(signal: AbortSignal): Promise<TokenAnswer> {
    try {
      const read = readToken(await this.http.request(requestFor(this.credentials, signal)));
      if ('reason' in read) return { ok: false, reason: read.reason };
      const answer = { ok: true, token: read.token } as const;
      this.current = { answer, goodUntil: this.clock.monotonic() + read.lifeMs - MARGIN_MS };
      return answer;
    } catch (error) {
      return { ok: false, reason: whyNoAnswer(error) };
    }
  }
}

function requestFor(
  { tokenUrl, clientId, clientSecret, scope }: ClientCredentials,
  signal: AbortSignal,
): HttpRequest {
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`);
  return {
    method: 'POST',
    url: tokenUrl,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${basic.toString('base64')}`,
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }).toString(),
    signal,
  };
}

function readToken({
  status,
  body,
}: HttpResponse): { token: string; lifeMs: number } | { reason: UnknownReason } {
  if (status >= 500) return { reason: 'failed' };
  if (status !== 200) return { reason: status === 429 ? 'rate_limited' : 'unauthorized' };
  const { access_token: token, expires_in: life } = jsonObject(body) ?? {};
  // What may stand in a header: anything else would break the call that carries it.
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,8192}$/.test(token)) return { reason: 'strange_answer' };
  const seconds =
    typeof life === 'number' && life > 0 ? Math.min(life, MAX_LIFE_SECONDS) : UNTOLD_LIFE_SECONDS;
  return { token, lifeMs: seconds * 1000 };
}
