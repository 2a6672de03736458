import type { Flow } from './flow';

/** Time passes while a page sleeps, lies behind another tab, or in the browser's cache of pages. */
export function keepFresh(flow: Flow): () => void {
  const stop = new AbortController();
  const on = (target: EventTarget, name: string, handler: (event: Event) => void) =>
    target.addEventListener(name, handler, { signal: stop.signal });
  on(window, 'pageshow', (event) => {
    if ((event as PageTransitionEvent).persisted) void flow.wake();
  });
  on(window, 'pagehide', () => flow.pause());
  on(window, 'offline', () => flow.set({ trouble: 'offline' }));
  on(window, 'online', () => void flow.retry());
  on(document, 'visibilitychange', () => {
    if (document.visibilityState === 'visible') void flow.refresh();
  });
  return () => stop.abort();
}
