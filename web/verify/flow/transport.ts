import type { Action, NumberEcho, View } from '../contract';
import type { Words } from '../words';

/** What a form says, as JSON. */
export type Body = Readonly<Record<string, string>>;

export interface Transport {
  state(): Promise<View>;
  act(action: Action, body: Body): Promise<View>;
  number(body: Body): Promise<NumberEcho>;
  /** As the application words it. The page has them already. */
  words(): Promise<Words>;
}

/** No view came back: why. */
export class NoView extends Error {
  constructor(
    /** `lost`: nobody knows whether the server did it; the same call again is safe. */
    readonly reason: 'lost' | 'gone' | 'refused' | 'busy',
  ) {
    super(reason);
  }
}

const TIMEOUT_MS = 15_000;

const reasons: Readonly<Record<number, NoView['reason']>> = {
  401: 'gone',
  403: 'refused',
  404: 'gone',
  410: 'gone',
  429: 'busy',
};

export interface Endpoint {
  readonly stateUrl: string;
  /** In front of the name of an action. */
  readonly base: string;
  /** Of the component; the page has its cookie. */
  readonly token: string | null;
}

export function httpTransport({ stateUrl, base, token }: Endpoint): Transport {
  const call = async (url: string, body: Body | null): Promise<unknown> => {
    const response = await fetch(url, {
      method: body === null ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: body === null ? null : JSON.stringify(body),
      credentials: token === null ? 'same-origin' : 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => {
      throw new NoView('lost');
    });
    if (!response.ok) throw new NoView(reasons[response.status] ?? 'lost');
    return response.json().catch(() => {
      throw new NoView('lost');
    });
  };
  return {
    state: () => call(stateUrl, null) as Promise<View>,
    act: (action, body) => call(`${base}/${action}`, body) as Promise<View>,
    number: (body) => call(`${base}/number`, body) as Promise<NumberEcho>,
    words: () => call(`${base}/words`, null) as Promise<Words>,
  };
}
