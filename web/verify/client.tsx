import { Flow } from './flow/flow';
import { listen } from './flow/listen';
import { solveInWorker } from './flow/puzzle';
import { httpTransport } from './flow/transport';
import type { Handover } from './page';
import { titleOf } from './views/screen';

/** How long "Number confirmed" stays on show before the page goes back to where the person came from. */
const DONE_MS = 600;

const root = document.getElementById('sd-main');
const data = document.getElementById('sd-data')?.textContent ?? null;
if (root !== null && data !== null) takeOver(root, JSON.parse(data) as Handover);

/** The page as the server made it becomes the page that answers at once. */
function takeOver(element: HTMLElement, { view, words, base, worker }: Handover): void {
  const flow = new Flow(
    {
      root: element,
      transport: httpTransport({ stateUrl: `${base}/state`, base, token: null }),
      words,
      base,
      id: 'sd',
      heading: 'h1',
      solve: solveInWorker(worker),
      onView: (next, _before, problem) => {
        document.title = titleOf(next, words, problem !== null);
        if (next.screen === 'done') goOn(next.continueUrl);
      },
    },
    view,
  );
  listen(flow);
  flow.start();
  keepFresh(flow);
}

/** Replaces this page, so that the way back does not lead into it. */
function goOn(url: string | null): void {
  if (url !== null && /^https?:/.test(url)) setTimeout(() => location.replace(url), DONE_MS);
}

/** Time passes while a page sleeps, lies behind another tab, or in the browser's cache of pages. */
function keepFresh(flow: Flow): void {
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    flow.set({ busy: false });
    void flow.refresh();
  });
  addEventListener('pagehide', () => flow.pause());
  addEventListener('offline', () => flow.set({ trouble: 'offline' }));
  addEventListener('online', () => void flow.retry());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void flow.refresh();
  });
}
