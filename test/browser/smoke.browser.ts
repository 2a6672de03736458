import { expect, test } from './fixtures';

test('the app answers a browser', async ({ app, page }) => {
  await page.goto(`${app.url}/docs`);
  await expect(page).toHaveTitle(/./);
});
