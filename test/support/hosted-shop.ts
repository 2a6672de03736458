/** A shop that sends its people to hosted pages: its settings, its beginnings, its redemptions. */
import { noLimits } from '../builders/limits';
import { BrowserVisit } from './browser-visit';
import type { Answer, CallOptions, Installation, Tenant } from './engine';

export const SHOP = 'https://shop.example';
export const RETURN_URL = `${SHOP}/back`;

export const shopSettings = {
  brand: 'Acme',
  limits: noLimits,
  policy: { cooldownSeconds: 0, sends: { max: 50, windowSeconds: 600 } },
  hosted: { returnUrls: [RETURN_URL], cancelUrls: [`${SHOP}/cancelled`], origins: [SHOP] },
};

export class Shop {
  constructor(
    private readonly engine: Installation,
    readonly tenant: Tenant,
  ) {}

  static async open(engine: Installation, settings: object = {}): Promise<Shop> {
    return new Shop(engine, await engine.tenant({ ...shopSettings, ...settings }));
  }

  ask(body: object, options?: CallOptions): Promise<Answer> {
    return this.tenant.call('POST /v1/hosted-verifications', { purpose: 'login', ...body }, options);
  }

  /** A link, and a browser that opens it. */
  async begin(body: object = {}): Promise<{ id: string; visit: BrowserVisit }> {
    const answer = await this.ask({ returnUrl: RETURN_URL, ...body });
    if (answer.status !== 201) throw new Error(`not begun: ${answer.text}`);
    const { pathname } = new URL(String(answer.body['url']));
    return { id: String(answer.body['id']), visit: new BrowserVisit(this.engine.apps[0]!.url + pathname) };
  }

  redeem(id: string, resultToken: unknown, options?: CallOptions): Promise<Answer> {
    return this.tenant.call(`POST /v1/hosted-verifications/${id}/redeem`, { resultToken }, options);
  }

  /** The code that was sent to a number last. */
  code(to: string, messages = 1): Promise<string> {
    return this.engine.sink.waitForCode(to, messages);
  }
}

/** The proof in a return address. */
export const resultIn = (url: string | null): string => new URL(url ?? '').searchParams.get('result') ?? '';
