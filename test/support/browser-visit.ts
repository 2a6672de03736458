/** A browser at a hosted page, as far as fetch goes: it keeps cookies, and sends forms or JSON. */
import type { NumberEcho, View } from '../../web/verify/contract';
import { toAnswer, type Answer } from './engine';

export class BrowserVisit {
  private readonly cookies = new Map<string, string>();

  /** @param url the link @param base of the process that is asked, where several run */
  constructor(
    readonly url: string,
    private readonly origin = new URL(url).origin,
  ) {}

  /** What the browser would send along. */
  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Another one that has this one's cookies: a second tab. */
  tab(): BrowserVisit {
    const tab = new BrowserVisit(this.url, this.origin);
    for (const [name, value] of this.cookies) tab.cookies.set(name, value);
    return tab;
  }

  page(query = '', headers: Record<string, string> = {}): Promise<Answer> {
    return this.fetch(this.url + query, { headers });
  }

  async state(): Promise<View> {
    const answer = await this.fetch(`${this.url}/state`);
    return answer.body as unknown as View;
  }

  /** As a script does it. */
  async json(action: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
    return this.fetch(`${this.url}/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.origin, ...headers },
      body: JSON.stringify(body),
    });
  }

  /** As a script does it, with what the page knows. @returns the view that there is then */
  async act(action: string, body: object = {}): Promise<View> {
    const { formToken, operation } = await this.state();
    const answer = await this.json(action, { formToken, operation, ...body });
    if (answer.status !== 200) throw new Error(`${action}: ${answer.status} ${answer.text}`);
    return answer.body as unknown as View;
  }

  async echo(number: string, country = ''): Promise<NumberEcho> {
    return (await this.act('number', { number, country })) as unknown as NumberEcho;
  }

  /** As a browser without script does it: the hidden fields of the page, and what was typed. */
  async form(action: string, typed: Readonly<Record<string, string>> = {}, from?: Answer): Promise<Answer> {
    const page = from ?? (await this.page());
    return this.fetch(`${this.url}/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: this.origin },
      body: new URLSearchParams({ ...hiddenFields(page.text), ...typed }).toString(),
    });
  }

  async fetch(url: string, init: RequestInit = {}): Promise<Answer> {
    const headers = { ...(this.cookies.size > 0 && { cookie: this.cookie }), ...(init.headers as object) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return toAnswer(response);
  }
}

function hiddenFields(html: string): Record<string, string> {
  const field = (name: string) =>
    new RegExp(`<input type="hidden" name="${name}" value="([^"]*)"`).exec(html)?.[1];
  const fields = { formToken: field('formToken'), operation: field('operation') };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;
}

/** What the page is, by its own word. */
export const screenOf = (html: string): string | undefined => /data-sd-screen="(\w+)"/.exec(html)?.[1];
