/** Every screen, in both themes and directions, as narrow and as large as people need it. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

/** Every move of what stands on the page, from its very beginning. */
function observeShifts(): void {
  const seen = { shift: 0 };
  Object.assign(globalThis, { seen });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
    })[])
      if (!entry.hadRecentInput) seen.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
}

/** Every text that a screen reader is told without asking. */
function observeSpeech(): void {
  const said: string[] = [];
  Object.assign(globalThis, { said });
  addEventListener('DOMContentLoaded', () => {
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const place = (target as Element).closest('[role=status], [role=alert], [aria-live=polite]');
        if (place?.textContent) said.push(place.textContent);
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
}

/** Loaded, taken over by the script, and at rest. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('load');
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(null)))),
  );
}

const widthBeyond = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** What is smaller than 24 px and not a link within a sentence (WCAG 2.5.8). */
const smallTargets = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('a, button, summary, select, input:not([type=hidden])')]
      .filter((element) => element.checkVisibility() && !element.matches('p a'))
      .filter((element) => {
        const { width, height } = element.getBoundingClientRect();
        return Math.min(width, height) < 24;
      })
      .map((element) => element.outerHTML),
  );

/**
 * Two that a person with a script hardly ever sees as the server made them. A check that needs a script says so until ours
 * takes over: only who presses the button before that comes here. And a country that the script knows and the server does
 * not (0.009 when the page was painted before): on a real page both go by the same language of the browser.
 */
const movesAtTakeOver = (name: string) => name === 'challenge' || name === 'number, no country';

for (const colorScheme of ['light', 'dark'] as const)
  for (const direction of ['ltr', 'rtl'] as const)
    test(`no fault that axe finds, nothing too wide, too small or moving: ${colorScheme}, ${direction}`, async ({
      page,
      gallery,
    }) => {
      test.slow();
      await page.addInitScript(observeShifts);
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 320, height: 640 });
      for (const name of gallery.names) {
        await page.goto(gallery.url(name, direction));
        await settled(page);
        expect.soft(await widthBeyond(page), `${name}: wider than 320 px`).toBe(0);
        expect.soft(await smallTargets(page), `${name}: small targets`).toEqual([]);
        if (!movesAtTakeOver(name))
          expect.soft(await page.evaluate('seen.shift'), `${name}: layout shift`).toBe(0);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
        expect.soft(found, name).toEqual([]);
      }
    });

test('axe looks at something: a page with a fault has a violation', async ({ page, gallery }) => {
  await page.goto(gallery.url('code', 'ltr'));
  await page.evaluate(() => document.body.append(document.createElement('button')));
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toContain('button-name');
});

test('at 1440 px, at 400 % and with text of twice the size: no sideways scroll', async ({
  page,
  gallery,
}) => {
  test.slow();
  const looks = [
    { width: 1440, height: 900, font: 100 },
    // 1280 × 1024 at 400 %.
    { width: 320, height: 256, font: 100 },
    { width: 640, height: 800, font: 200 },
  ];
  for (const name of gallery.names) {
    await page.goto(gallery.url(name, name.length % 2 === 0 ? 'ltr' : 'rtl'));
    await settled(page);
    for (const { width, height, font } of looks) {
      await page.setViewportSize({ width, height });
      await page.evaluate((percent) => (document.documentElement.style.fontSize = `${percent}%`), font);
      expect.soft(await widthBeyond(page), `${name} at ${width} px, ${font} %`).toBeLessThanOrEqual(0);
      if (width < 1440) continue;
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect
        .soft(
          violations.map(({ id }) => id),
          `${name} at ${width} px`,
        )
        .toEqual([]);
    }
  }
});

test('the countries at 320 px: all of the dialog can be reached, and axe has no complaint', async ({
  page,
  gallery,
}) => {
  await page.setViewportSize({ width: 320, height: 480 });
  for (const direction of ['ltr', 'rtl'] as const) {
    await page.goto(gallery.url('number', direction));
    await page.locator('[data-sd-do=choose-country]').click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await widthBeyond(page)).toBe(0);
    const box = await page.getByRole('dialog').boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(320);
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  }
});

test('forced colours: fields, buttons and the focus keep an edge', async ({ browser, gallery }) => {
  const context = await browser.newContext({ forcedColors: 'active', reducedMotion: 'reduce' });
  const page = await context.newPage();
  for (const name of ['number', 'code, wrong', 'challenge', 'done']) {
    await page.goto(gallery.url(name, 'ltr'));
    await settled(page);
    const edges = await page.evaluate(() =>
      [...document.querySelectorAll('.sd-button, .sd-input')].map((element) => {
        const { borderTopStyle, borderTopWidth } = getComputedStyle(element);
        return borderTopStyle !== 'none' && borderTopWidth !== '0px';
      }),
    );
    expect(edges, name).not.toContain(false);
    // Reduced motion: nothing moves for longer than a blink.
    const moving = await page.evaluate(() =>
      document
        .getAnimations()
        .map((animation) => animation.effect?.getComputedTiming())
        .filter((timing) => timing?.iterations === Infinity || Number(timing?.duration) > 50),
    );
    expect(moving, name).toEqual([]);
  }
  await page.goto(gallery.url('number', 'ltr'));
  await page.keyboard.press('Tab');
  const outline = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement as Element);
    return [outlineStyle, parseFloat(outlineWidth) >= 2];
  });
  expect(outline).toEqual([expect.not.stringContaining('none'), true]);
  await context.close();
});

test('nothing moves on the whole way, and little is announced', async ({ customer, person, number }) => {
  const { page } = person;
  await page.addInitScript(observeShifts);
  await page.addInitScript(observeSpeech);
  await page.setViewportSize({ width: 375, height: 667 });
  await customer.set({ policy: { cooldownSeconds: 3 } });
  const { url } = await customer.begin();
  await person.opens(url);
  await person.numberField.pressSequentially(number);
  await expect(page.getByText(/^We’ll text/)).toBeVisible();
  expect(await page.evaluate('seen.shift')).toBe(0);
  await person.button('Send code').click();
  await person.sees('Enter the code');
  // That another screen has another height is no shift.
  await settled(page);
  await page.evaluate('seen.shift = 0');
  await expect(person.button('Send it again')).toBeVisible();
  // The countdown is said at its ends only. Caught: `aria-live=polite` on it says something each second.
  const said = await page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
  expect(new Set(said)).toEqual(new Set(['Code sent.', 'You can ask again now.']));
  expect(await page.evaluate('seen.shift')).toBe(0);
});
