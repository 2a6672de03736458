import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** Paths of what the build made. */
export interface TryAssets {
  readonly script: string;
  readonly style: string;
}

/** The page of the demo: the hosted page on the left, and the phone of the person on the right. */
export function renderTry(assets: TryAssets): string {
  return `<!doctype html>${renderToString(
    <Document title="Try Sixdigit" assets={assets} kind="demo">
      <Head />
      <main class="try-stage">
        <section class="try-window" aria-label="The hosted page">
          <div class="try-bar">
            <span class="try-dots" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
            <span class="try-address" id="try-address">
              /verify/…
            </span>
            <button type="button" class="try-again" id="try-again">
              Start again
            </button>
          </div>
          <iframe class="try-frame" id="try-frame" title="The hosted page" />
        </section>
        <Phone />
      </main>
      <noscript>
        <p class="try-trouble">This demo needs JavaScript; the hosted page itself does not.</p>
      </noscript>
      <p class="try-trouble" id="try-trouble" role="alert" hidden />
      <footer class="try-foot">
        For your application: <code>POST /v1/hosted-verifications</code> in <a href="/docs">the API</a>
      </footer>
    </Document>,
  )}`;
}

function Head() {
  return (
    <header class="try-head">
      <h1>Try it</h1>
      <p>
        What a person sees who is sent to the hosted page, and the phone in their hand. Nothing leaves this
        machine: the messages go into the sandbox.
      </p>
      <ol class="try-steps" id="try-steps">
        <Step name="number" title="Enter a number" text="Any will do. +1 201 555 0123 belongs to nobody." />
        <Step name="code" title="Read the code" text="It comes on the phone." />
        <Step name="done" title="Redeemed" text="The backend asks for the proof, once." />
      </ol>
    </header>
  );
}

function Phone() {
  return (
    <section class="try-phone" aria-label="The phone">
      <div class="try-screen">
        <p class="try-status" aria-hidden="true">
          <time id="try-clock" />
          <span>Sandbox</span>
        </p>
        <h2>Messages</h2>
        <p class="try-empty" id="try-empty">
          No messages yet.
        </p>
        <ol class="try-inbox" id="try-inbox" aria-live="polite" />
      </div>
    </section>
  );
}

/** Where the hosted page returns to: a page of the company, whose backend redeems the result. */
export function renderReturn(assets: TryAssets): string {
  return `<!doctype html>${renderToString(
    <Document title="Blue Door Books" assets={assets} kind="return">
      <main class="try-shop">
        <p class="try-shop-name">Blue Door Books</p>
        <h1 id="try-outcome" aria-live="polite">
          Asking for the proof…
        </h1>
        <dl id="try-proof" hidden />
        <noscript>
          <p>This demo needs JavaScript; the hosted page itself does not.</p>
        </noscript>
      </main>
    </Document>,
  )}`;
}

function Step({
  name,
  title,
  text,
}: {
  readonly name: string;
  readonly title: string;
  readonly text: string;
}) {
  return (
    <li data-step={name}>
      <strong>{title}</strong> <span>{text}</span>
    </li>
  );
}

interface DocumentProps {
  readonly title: string;
  readonly assets: TryAssets;
  /** Tells the script which page it is on. */
  readonly kind: 'demo' | 'return';
  readonly children: ComponentChildren;
}

function Document({ title, assets, kind, children }: DocumentProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={assets.style} />
        <script type="module" src={assets.script} />
      </head>
      <body class={`sd-root try try-${kind}`} data-kind={kind}>
        {children}
      </body>
    </html>
  );
}
