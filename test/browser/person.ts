/** A person with the page, or the component, before them: what they see and do, in the words of the page. */
import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test';

export class Person {
  /** What the page asked the server to do, in order: `send`, `check`. */
  readonly calls: string[] = [];

  constructor(readonly page: Page) {
    page.on('request', (request) => {
      const action = /\/(send|resend|check|change|cancel)$/.exec(request.url())?.[1];
      if (request.method() === 'POST' && action !== undefined) this.calls.push(action);
    });
  }

  get context(): BrowserContext {
    return this.page.context();
  }

  get numberField(): Locator {
    return this.page.getByRole('textbox', { name: 'Phone number' });
  }

  get codeField(): Locator {
    return this.page.getByRole('textbox', { name: 'Code', exact: true });
  }

  get country(): Locator {
    return this.page.getByRole('button', { name: /^Country/ });
  }

  get alert(): Locator {
    return this.page.getByRole('alert');
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  async sees(heading: string): Promise<void> {
    await expect(this.page.getByRole('heading', { name: heading, exact: true })).toBeVisible();
  }

  async opens(url: string): Promise<void> {
    await this.page.goto(url);
  }

  /** From the link to the screen with the code. */
  async asksForCode(url: string, number: string): Promise<void> {
    await this.opens(url);
    await this.numberField.fill(number);
    await this.button('Send code').click();
    await this.sees('Enter the code');
  }

  /** As the device does: the clipboard, and the keys for it. */
  async pastes(text: string, into: Locator): Promise<void> {
    await this.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await this.page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await into.selectText();
    await into.press('Control+V');
  }

  count(action: string): number {
    return this.calls.filter((call) => call === action).length;
  }
}

/** A code that is not the right one; another one for each `which`. */
export function wrongCode(right: string, which = 0): string {
  return String((Number(right) + 1 + which) % 1_000_000).padStart(6, '0');
}

/** Everything that must never happen on a page, whatever a test is about: collected for its end. */
export function watch(context: BrowserContext): readonly string[] {
  const faults: string[] = [];
  context.on('console', (message) => {
    const text = message.text();
    // A frame that is refused is what a page wants.
    if (/content security policy|refused to/i.test(text) && !text.includes('frame-ancestors'))
      faults.push(text);
  });
  context.on('weberror', (error) => faults.push(String(error.error())));
  context.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return faults;
}
