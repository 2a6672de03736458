import { workWith } from './flow/challenge';
import { Flow } from './flow/flow';
import { keepFresh } from './flow/keep-fresh';
import { listen } from './flow/listen';
import { solveInWorker } from './flow/puzzle';
import { httpTransport } from './flow/transport';
import { giveCountries } from './number/countries';
import { countryTable } from './number/countries.generated';
import type { Handover } from './page';
import { titleOf } from './views/titles';
import { webAddress } from './views/text';

/** How long "Number confirmed" stays on show before the page goes back to where the person came from. */
const DONE_MS = 600;

giveCountries(countryTable);
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
      work: workWith(solveInWorker(worker)),
      onView: (next, _before, problem) => {
        document.title = titleOf(next, words, problem !== null);
        if (next.screen === 'done') goOn(next.continueUrl);
      },
    },
    view,
  );
  listen(flow);
  keepHeights(element);
  flow.start();
  keepFresh(flow);
  // By the back button, browsers show what they have kept.
  if (performance.getEntriesByType('navigation').some(isReturn)) void flow.refresh();
}

function isReturn(entry: PerformanceEntry): boolean {
  return (entry as PerformanceNavigationTiming).type === 'back_forward';
}

/** Times of the place where the person is are shorter than those with `UTC` behind them: what follows stays where it is. */
function keepHeights(element: HTMLElement): void {
  for (const text of element.querySelectorAll<HTMLElement>('.sd-text'))
    text.style.minHeight = `${text.offsetHeight}px`;
}

/** Replaces this page, so that the way back does not lead into it. */
function goOn(url: string | null): void {
  const address = webAddress(url);
  if (address !== null) setTimeout(() => location.replace(address), DONE_MS);
}
