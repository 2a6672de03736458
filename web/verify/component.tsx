import css from './component.css';
import { lazyWork } from './embed/lazy-work';
import { rootOf } from './embed/root';
import { adopt } from './embed/styles';
import { Flow } from './flow/flow';
import { keepFresh } from './flow/keep-fresh';
import { listen } from './flow/listen';
import { happeningsOf } from './flow/state';
import { NoView, httpTransport, type Transport } from './flow/transport';
import type { View } from './contract';
import { giveCountries } from './number/countries';
import type { Words } from './words';

/** Where the build put the table, from the root. */
declare const COUNTRIES_FILE: string;

export interface Options {
  /** `sds_…`, minted by the backend for this page's origin. */
  readonly session: string;
  /** Where Sixdigit is; by default, where this module came from. */
  readonly base?: string | undefined;
  /** `light` or `dark` where the page around it is not as the device says. */
  readonly scheme?: string | undefined;
}

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
let mounted = 0;

/** Puts the form into an element of the page. It tells what happens by events on that element. */
export function mount(element: HTMLElement, options: Options): { unmount(): void } {
  const { session, base = rootOf(import.meta.url) } = options;
  const api = `${base.replace(/\/+$/, '')}/embed/v1`;
  const transport = httpTransport({ stateUrl: `${api}/session`, base: `${api}/session`, token: session });
  const tell: Tell = (name, detail) =>
    element.dispatchEvent(new CustomEvent(`sixdigit-${name}`, { detail, bubbles: true, composed: true }));
  const ends: (() => void)[] = [];
  let isOver = false;

  const load = async (pauseMs: number): Promise<void> => {
    try {
      const [view, words] = await first(transport);
      if (!isOver) ends.push(start({ element, transport, words, tell }, view, options.scheme));
    } catch (error) {
      const reason = error instanceof NoView && error.reason !== 'lost' ? 'session' : 'unavailable';
      if (!isOver && pauseMs === FIRST_PAUSE_MS) tell('failed', { reason });
      if (isOver || reason === 'session') return;
      const timer = setTimeout(() => void load(Math.min(pauseMs * 2, LONGEST_PAUSE_MS)), pauseMs);
      ends.push(() => clearTimeout(timer));
    }
  };
  void load(FIRST_PAUSE_MS);
  return {
    unmount: () => {
      isOver = true;
      for (const end of ends) end();
      element.replaceChildren();
    },
  };
}

type Tell = (name: string, detail: object) => void;

interface Place {
  readonly element: HTMLElement;
  readonly transport: Transport;
  readonly words: Words;
  readonly tell: Tell;
}

/** Shows the first view; returns how to end. */
function start({ element, transport, words, tell }: Place, view: View, scheme?: string): () => void {
  const own = scheme === 'light' || scheme === 'dark' ? scheme : undefined;
  const undress = adopt(element, css, view.brand.theme, own);
  const flow = new Flow(
    {
      root: element,
      transport,
      words,
      base: '',
      id: `sd${(mounted += 1)}`,
      heading: 'h2',
      work: lazyWork,
      onView: (next, before) => {
        for (const { name, ...detail } of happeningsOf(before, next)) tell(name, detail);
      },
    },
    view,
  );
  const ends = [undress, listen(flow), keepFresh(flow), () => flow.stop()];
  tell('started', {});
  flow.start();
  return () => {
    for (const end of ends) end();
  };
}

async function first(transport: Transport): Promise<[View, Words]> {
  const view = await transport.state();
  const [words] = await Promise.all([
    transport.words(),
    view.number?.isOwn === false ? null : loadCountries(),
  ]);
  return [view, words];
}

/** Only where a number is asked for. */
async function loadCountries(): Promise<void> {
  const { countryTable } = (await import(rootOf(import.meta.url) + COUNTRIES_FILE)) as {
    readonly countryTable: string;
  };
  giveCountries(countryTable);
}

/**
 * `<sixdigit-verify session="sds_…">`: the same as an element. Taken out and put back, as routers of single-page
 * applications do, it goes on where the process is.
 */
export class SixdigitVerify extends HTMLElement {
  static readonly observedAttributes = ['session', 'base', 'scheme'];
  private form: ReturnType<typeof mount> | null = null;

  get session(): string | null {
    return this.getAttribute('session');
  }
  set session(value: string | null) {
    if (value === null) this.removeAttribute('session');
    else this.setAttribute('session', value);
  }

  connectedCallback(): void {
    this.attributeChangedCallback('session', null, this.session);
  }

  /** Later, and only if it was not put back: moving an element within the page takes it out for a moment. */
  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (!this.isConnected) this.end();
    });
  }

  /** Whatever was set: begins anew with it, once for all attributes that are set in one go. */
  attributeChangedCallback(_name: string, before: string | null, now: string | null): void {
    if (before === now && this.form !== null) return;
    queueMicrotask(() => this.begin());
  }

  private begin(): void {
    const { session } = this;
    const wanted = ['session', 'base', 'scheme'].map((name) => this.getAttribute(name));
    const all = wanted.join(' ');
    if (!this.isConnected || session === null || (this.form !== null && all === this.begun)) return;
    this.end();
    this.begun = all;
    const [, base, scheme] = wanted;
    this.form = mount(this, { session, base: base ?? undefined, scheme: scheme ?? undefined });
  }
  private begun = '';

  private end(): void {
    this.form?.unmount();
    this.form = null;
  }
}

if (customElements.get('sixdigit-verify') === undefined)
  customElements.define('sixdigit-verify', SixdigitVerify);
