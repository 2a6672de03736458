/**
 * A gateway that sends nothing: it takes what the product's generic `http` gateway posts and hands the codes
 * to the load generator over one long-lived response, one JSON line per text. Plain `node:http`, a process
 * of its own, so that its work is never counted as the product's.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { codeIn } from './text';

const state = { texts: 0, withoutCode: 0 };
/** Lines for a reader that has not connected yet, or of this turn of the event loop. */
let lines: string[] = [];
let reader: ServerResponse | null = null;
let flushing = false;

function flushSoon(): void {
  if (flushing) return;
  flushing = true;
  // One write per turn of the event loop, however many texts arrived in it.
  setImmediate(() => {
    flushing = false;
    if (!reader || lines.length === 0) return;
    reader.write(lines.join(''));
    lines = [];
  });
}

function take(body: string): boolean {
  const { to, text } = JSON.parse(body) as { to?: unknown; text?: unknown };
  if (typeof to !== 'string' || typeof text !== 'string') return false;
  const code = codeIn(text);
  state.texts += 1;
  if (code === null) state.withoutCode += 1;
  else lines.push(`${JSON.stringify({ to, code })}\n`);
  flushSoon();
  return true;
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

function receive(request: IncomingMessage, response: ServerResponse): void {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    if (take(body)) answer(response, 200, { id: String(state.texts) });
    else answer(response, 400, { error: 'to and text are required' });
  });
}

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  reader = response;
  response.on('close', () => {
    if (reader === response) reader = null;
  });
  flushSoon();
}

const server = createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/sms') receive(request, response);
  else if (request.url === '/codes') stream(response);
  else if (request.url === '/stats') answer(response, 200, state);
  else answer(response, 404, { error: 'not found' });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.env['PORT']), '127.0.0.1');
