/**
 * Behind https and with a gateway that refuses, as in production: what browsers do with our cookies, on the page and in
 * a frame of another site, and what a person sees when no message can reach the number.
 */
import { once } from 'node:events';
import { createServer as createHttpServer, request } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { AppProcess } from '../support/app-process';
import { selfSigned } from '../fakes/certificate';
import { Customer } from './customer';
import { expect, test } from './fixtures';
import { Person } from './person';

/** The customer's proxy, with a certificate. Another host name than the customer's site: for browsers another site. */
async function startProxy(target: () => string): Promise<Server> {
  const server = createServer(await selfSigned('localhost'), (incoming, outgoing) => {
    const { method, headers, url } = incoming;
    const onward = request(target() + (url ?? ''), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A gateway to which every number is wrong. */
const refusing = createHttpServer((_, answer) => answer.writeHead(400).end());

let app: AppProcess;
let proxy: Server;
let customer: Customer;

/** One after the other: they share a customer, and each looks at its visits. */
test.describe.configure({ mode: 'default' });
test.beforeEach(() => void customer.visits.splice(0));

test.beforeAll(async () => {
  test.setTimeout(300_000);
  proxy = await startProxy(() => app.url);
  const publicUrl = `https://localhost:${String((proxy.address() as AddressInfo).port)}`;
  refusing.listen(0, '127.0.0.1');
  await once(refusing, 'listening');
  const env = {
    NODE_ENV: 'development',
    SMS_ROUTES: 'FR:http;*:console',
    SMS_HTTP_URL: `http://127.0.0.1:${String((refusing.address() as AddressInfo).port)}/`,
    PUBLIC_URL: publicUrl,
  };
  app = await AppProcess.start({ env });
  customer = await Customer.start(app);
});
test.afterAll(async () => {
  await customer.stop();
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
  await app.stop();
  refusing.close();
});
test.use({ ignoreHTTPSErrors: true });

test('the cookie of the process is for this host alone, and no script can read it', async ({
  person,
  number,
}) => {
  const { id, url } = await customer.begin();
  expect(url).toMatch(/^https:\/\/localhost:/);
  await person.asksForCode(url, number);
  const [cookie] = (await person.context.cookies()).filter(({ name }) => name.includes('sdv-'));
  // Caught: a cookie that a neighbouring host could set (no `__Host-`), or that goes over http (no `Secure`).
  expect(cookie).toMatchObject({
    secure: true,
    httpOnly: true,
    sameSite: 'Lax',
    path: '/',
    domain: 'localhost',
  });
  expect(cookie?.name).toMatch(/^__Host-sdv-/);
  await person.codeField.fill(await customer.codeFor(number));
  await person.page.waitForURL(/\/back\?result=/);
  expect(await customer.redeem(id, customer.result())).toMatchObject({ status: 200 });
});

test('in a frame of another site the process goes on, with a cookie of that frame alone', async ({
  page,
  number,
}) => {
  await customer.set({ hosted: { frameOrigins: [customer.origin] } });
  const { id, url } = await customer.begin();
  customer.show({ '/form': { html: `<!doctype html><title>Form</title><iframe src="${url}"></iframe>` } });
  await page.goto(`${customer.origin}/form`);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('textbox', { name: 'Phone number' }).fill(number);
  await frame.getByRole('button', { name: 'Send code' }).click();
  await expect(frame.getByRole('heading', { name: 'Enter the code' })).toBeVisible();
  const [cookie] = (await page.context().cookies()).filter(({ name }) => name.includes('sdv-'));
  expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: 'None' });
  expect(cookie).toHaveProperty('partitionKey');
  // The same link in a window of its own is another place: it has not this cookie, and is told where it began.
  const elsewhere = new Person(await page.context().newPage());
  await elsewhere.opens(url);
  await expect(elsewhere.codeField).toHaveCount(0);
  await frame.getByRole('textbox', { name: 'Code' }).fill(await customer.codeFor(number));
  await expect.poll(() => customer.result()).not.toBe('');
  expect(await customer.redeem(id, customer.result())).toMatchObject({ status: 200 });
});

test('a number that every gateway refuses: said as soon as it is known, and another number may be tried', async ({
  person,
  number,
}) => {
  const { page } = person;
  const { url } = await customer.begin();
  await person.opens(url);
  await person.numberField.fill('+33612345678');
  await person.button('Send code').click();
  await person.sees('We couldn’t reach that number');
  await page
    .getByRole('button', { name: 'Check the number' })
    .or(page.getByRole('link', { name: 'Check the number' }))
    .click();
  await person.sees('What’s your phone number?');
  await person.numberField.fill(number);
  await person.button('Send code').click();
  await person.sees('Enter the code');
});
