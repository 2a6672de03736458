import type { VNode } from 'preact';
import type { Screen } from '../contract';
import { CodeScreen } from './code';
import { CountryDialog } from './country';
import { DoneScreen, EndedScreen, LimitScreen, LinkScreen, LockedScreen, UnreachableScreen } from './end';
import { NumberScreen } from './number';
import { ChallengeScreen, ConfirmScreen } from './start';
import { Contact } from './parts';
import { headingOf } from './titles';
import type { Shown } from './ui';

type ScreenView = (props: { readonly shown: Shown }) => VNode;

const screenViews: Readonly<Record<Screen, ScreenView>> = {
  number: NumberScreen,
  confirm: ConfirmScreen,
  challenge: ChallengeScreen,
  code: CodeScreen,
  ended: EndedScreen,
  locked: LockedScreen,
  limit: LimitScreen,
  unreachable: UnreachableScreen,
  done: DoneScreen,
  link_expired: LinkScreen,
  link_used: LinkScreen,
  elsewhere: LinkScreen,
  cancelled: LinkScreen,
};

/** The one card of the page, and all of the component. */
export function Card({ shown }: { readonly shown: Shown }) {
  const { view, words, ui } = shown;
  // Takes the focus when a screen replaces another one, hence the tabindex.
  const Title = ui.heading;
  const Screen = screenViews[view.screen];
  return (
    <div
      class="sd-card"
      data-sd-part="card"
      data-sd-screen={view.screen}
      lang={view.locale}
      dir={view.direction}
      aria-busy={ui.busy ? 'true' : undefined}
    >
      <Banner shown={shown} />
      <div class="sd-screen" key={view.screen}>
        {view.screen === 'done' ? <div class="sd-tick" aria-hidden="true" /> : null}
        <Title class="sd-title" data-sd-part="title" tabIndex={-1}>
          {headingOf(view, words)}
        </Title>
        <Screen shown={shown} />
      </div>
      {ui.heading === 'h2' ? <Contact shown={shown} /> : null}
      {ui.enhanced && view.screen === 'number' ? <CountryDialog shown={shown} /> : null}
      <p class="sd-spoken" role="status" id={`${ui.id}-spoken`} />
    </div>
  );
}

/** An answer that did not come: what was typed is kept, and what was asked for can be repeated as it was. */
function Banner({ shown: { words, ui } }: { readonly shown: Shown }) {
  return (
    <div class="sd-banner" data-sd-part="banner" role="status">
      {ui.trouble === null ? null : (
        <>
          <p>{words.errors[ui.trouble]}</p>
          <button class="sd-quiet" type="button" data-sd-do="retry">
            {words.tryAgain}
          </button>
        </>
      )}
    </div>
  );
}
