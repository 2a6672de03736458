import type { TryMessage, TryProof, TryState } from './contract';

/** How often the phone looks for messages. */
const POLL_MS = 700;
const SPACE_AROUND = 190;
const steps = ['number', 'code', 'done'] as const;

const byId = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element ${id}`);
  return found;
};

async function call<Answer>(path: string, body?: object): Promise<Answer> {
  const response = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  const answer = (await response.json()) as Answer & { detail?: string; title?: string };
  if (!response.ok) throw new Error(answer.detail ?? answer.title ?? 'That did not work.');
  return answer;
}

if (document.body.dataset['kind'] === 'return') void showProof();
else startDemo();

function startDemo(): void {
  const frame = byId('try-frame') as HTMLIFrameElement;
  frame.addEventListener('load', () => follow(frame));
  byId('try-again').addEventListener('click', () => void begin(frame));
  void begin(frame).then(() => setInterval(() => void look(), POLL_MS));
}

async function begin(frame: HTMLIFrameElement): Promise<void> {
  try {
    const { url } = await call<{ url: string }>('/try/begin', {});
    byId('try-inbox').replaceChildren();
    frame.src = url;
    byId('try-trouble').hidden = true;
  } catch (error) {
    tell((error as Error).message);
  }
}

function tell(trouble: string): void {
  const place = byId('try-trouble');
  place.textContent = trouble;
  place.hidden = false;
}

/** The frame is as high as its page, which is of this origin, so that nobody scrolls inside of it. */
function follow(frame: HTMLIFrameElement): void {
  const page = frame.contentDocument?.body;
  if (!page || page.childElementCount === 0) return;
  byId('try-address').textContent = (frame.contentWindow?.location.pathname ?? '').replace(
    /^(.{24}).+/,
    '$1…',
  );
  const fit = () => frame.style.setProperty('--content', `${contentHeight(page)}px`);
  new ResizeObserver(fit).observe(page);
  fit();
}

/** Of what is on the page, with the space around it: the page itself is at least as high as its window. */
function contentHeight(page: HTMLElement): number {
  const parts = [...page.querySelectorAll('.sd-header, .sd-main > *, .sd-footer, .try-shop')];
  return Math.ceil(parts.reduce((sum, part) => sum + part.getBoundingClientRect().height, SPACE_AROUND));
}

async function look(): Promise<void> {
  if (document.visibilityState !== 'visible') return;
  try {
    show(await call<TryState>('/try/state'));
  } catch {
    // The server restarts, or nothing was begun yet: the next look tells.
  }
}

function show({ step, messages }: TryState): void {
  byId('try-clock').textContent = clock(new Date());
  for (const item of byId('try-steps').children) {
    const at = steps.indexOf((item as HTMLElement).dataset['step'] as TryState['step']);
    const now = steps.indexOf(step);
    const isPast = at < now || step === 'done';
    item.setAttribute('data-state', isPast ? 'past' : at === now ? 'now' : 'later');
    if (at === now && !isPast) item.setAttribute('aria-current', 'step');
    else item.removeAttribute('aria-current');
  }
  byId('try-empty').hidden = messages.length > 0;
  const inbox = byId('try-inbox');
  const known = new Set([...inbox.children].map(({ id }) => id));
  for (const message of [...messages].reverse())
    if (!known.has(`m-${message.id}`)) inbox.prepend(bubble(message));
}

const kinds: Readonly<Record<string, string>> = {
  sms: 'Text',
  voice: 'Call',
  whatsapp: 'WhatsApp',
  email: 'E-mail',
};

function bubble({ id, channel, text, code, sentAt }: TryMessage): HTMLLIElement {
  const item = document.createElement('li');
  item.id = `m-${id}`;
  const head = document.createElement('p');
  head.className = 'try-from';
  head.textContent = `${kinds[channel] ?? channel}, ${clock(new Date(sentAt))}`;
  const words = document.createElement('p');
  words.className = 'try-text';
  words.dir = 'auto';
  words.textContent = text;
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = `Copy ${code}`;
  button.addEventListener('click', () => void copy(button, code));
  item.append(head, words, button);
  return item;
}

async function copy(button: HTMLButtonElement, code: string): Promise<void> {
  const before = button.textContent;
  await navigator.clipboard.writeText(code).catch(() => undefined);
  button.textContent = 'Copied';
  setTimeout(() => (button.textContent = before), 1_200);
}

const clock = (at: Date): string =>
  at.toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hour12: false });

/** The company's page hands the result to its backend, which alone can tell what it is worth. */
async function showProof(): Promise<void> {
  const outcome = byId('try-outcome');
  const result = new URL(location.href).searchParams.get('result');
  // Not in the history: whoever comes by later finds no result.
  history.replaceState(null, '', location.pathname);
  try {
    const { to, approvedAt } = await call<TryProof>('/try/redeem', { result });
    outcome.textContent = 'Redeemed: valid';
    document.body.dataset['outcome'] = 'valid';
    const facts = byId('try-proof');
    facts.append(...pair('Number', to), ...pair('Confirmed at', clock(new Date(approvedAt))));
    facts.hidden = false;
  } catch (error) {
    outcome.textContent = `Not redeemed: ${(error as Error).message}`;
    document.body.dataset['outcome'] = 'refused';
  }
}

function pair(name: string, value: string): HTMLElement[] {
  const [term, description] = [document.createElement('dt'), document.createElement('dd')];
  term.textContent = name;
  description.textContent = value;
  return [term, description];
}
