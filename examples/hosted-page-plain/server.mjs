import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const { SIXDIGIT_URL = 'http://127.0.0.1:3000', SIXDIGIT_API_KEY = '', PORT = '4000' } = process.env;
const own = process.env.OWN_URL ?? `http://localhost:${PORT}`;
/** Of your people; yours are in a database. */
const sessions = new Map();

/** A call that Sixdigit answers with what was asked for, or with a problem that says what to change. */
async function sixdigit(path, body) {
  const response = await fetch(`${SIXDIGIT_URL}/v1/hosted-verifications${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SIXDIGIT_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${answer.code}: ${answer.detail ?? answer.title}`);
  return answer;
}

const routes = {
  'GET /': (session) => ({
    page: session.phone
      ? `<p>Your number is <b>${session.phone}</b>.</p>`
      : '<form method="post" action="/verify"><button>Confirm my number</button></form>',
  }),
  'POST /verify': async (session) => {
    const { id, url } = await sixdigit('', { purpose: 'signup', returnUrl: `${own}/verified` });
    session.verification = id; // Here and nowhere else: what comes back by the browser proves nothing.
    return { location: url };
  },
  'GET /verified': async (session, query) => {
    const resultToken = query.get('result') ?? '';
    const { valid, to } = await sixdigit(`/${session.verification}/redeem`, { resultToken });
    if (valid) session.phone = to;
    return { location: '/' };
  },
};

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, own);
  const known = /sid=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  const sid = sessions.has(known) ? known : randomBytes(24).toString('base64url');
  const session = sessions.get(sid) ?? sessions.set(sid, {}).get(sid);
  response.setHeader('set-cookie', `sid=${sid}; HttpOnly; SameSite=Lax; Path=/`);
  try {
    const { page, location } = (await routes[`${request.method} ${pathname}`]?.(session, searchParams)) ?? {};
    if (location) response.writeHead(303, { location }).end();
    else response.writeHead(page ? 200 : 404, { 'content-type': 'text/html' }).end(page);
  } catch (error) {
    response.writeHead(502, { 'content-type': 'text/plain' }).end(error.message);
  }
}).listen(Number(PORT), () => console.log(`Example: ${own}`));
