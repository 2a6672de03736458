import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

const { SIXDIGIT_URL = 'http://127.0.0.1:3000', SIXDIGIT_API_KEY = '', PORT = '4000' } = process.env;
const own = process.env.OWN_URL ?? `http://localhost:${PORT}`;
/** Of the front end: this folder, or that of another example. */
const folder = process.argv[2] ?? import.meta.dirname;
const files = { '/': ['index.html', 'text/html'], '/app.js': ['app.js', 'text/javascript'] };
const policy = `default-src 'self'; script-src 'self' ${SIXDIGIT_URL}; connect-src 'self' ${SIXDIGIT_URL}; img-src 'self' ${SIXDIGIT_URL}`;
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

const calls = {
  '/phone/session': async (session) => {
    const { id, sessionToken } = await sixdigit('', { purpose: 'signup', origin: own });
    session.verification = id; // Here and nowhere else: what comes back by the browser proves nothing.
    return { sessionToken, script: `${SIXDIGIT_URL}/embed/v1/sixdigit-verify.js` };
  },
  '/phone/confirm': async (session, { resultToken }) => {
    const { valid, to } = await sixdigit(`/${session.verification}/redeem`, { resultToken });
    if (valid) session.phone = to;
    return { to };
  },
};

createServer(async (request, response) => {
  const known = /sid=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  const sid = sessions.has(known) ? known : randomBytes(24).toString('base64url');
  const session = sessions.get(sid) ?? sessions.set(sid, {}).get(sid);
  response.setHeader('set-cookie', `sid=${sid}; HttpOnly; SameSite=Lax; Path=/`);
  try {
    const [file, type] = (request.method === 'GET' && files[request.url]) || [];
    const headers = { 'content-type': type ?? 'application/json', 'content-security-policy': policy };
    if (file) return response.writeHead(200, headers).end(await readFile(join(folder, file)));
    if (request.headers.origin !== own || !calls[request.url]) return response.writeHead(404).end();
    const answer = await calls[request.url](session, JSON.parse(Buffer.concat(await request.toArray())));
    response.writeHead(200, headers).end(JSON.stringify(answer));
  } catch (error) {
    response.writeHead(502, { 'content-type': 'text/plain' }).end(error.message);
  }
}).listen(Number(PORT), () => console.log(`Example: ${own}`));
