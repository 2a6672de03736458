import type { VNode } from 'preact';
import type { Screen, View } from '../contract';
import type { Words } from '../words';
import { CodeScreen } from './code';
import { CountryDialog } from './country';
import {
  DoneScreen,
  EndedScreen,
  LimitScreen,
  LinkScreen,
  LockedScreen,
  UnreachableScreen,
  linkTitle,
} from './end';
import { NumberScreen } from './number';
import { ChallengeScreen, ConfirmScreen } from './start';
import { plain } from './text';
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
  const { view, ui } = shown;
  const Screen = screenViews[view.screen];
  return (
    <div
      class="sd-card"
      data-sd-part="card"
      data-sd-screen={view.screen}
      aria-busy={ui.busy ? 'true' : undefined}
    >
      <Banner shown={shown} />
      <div class="sd-screen" key={view.screen}>
        <Screen shown={shown} />
      </div>
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

const titles: Readonly<Record<Screen, (shown: Pick<Shown, 'view' | 'words'>) => string>> = {
  number: ({ words }) => words.number.title,
  confirm: ({ words }) => words.confirm.title,
  challenge: ({ words }) => words.challenge.title,
  code: ({ words }) => words.code.title,
  ended: ({ view, words }) => words.ended[view.ended ?? 'expired'],
  locked: ({ words }) => words.locked.title,
  limit: ({ words }) => words.limit.title,
  unreachable: ({ words }) => words.unreachable.title,
  done: ({ words }) => words.done.title,
  link_expired: linkTitle,
  link_used: linkTitle,
  elsewhere: linkTitle,
  cancelled: linkTitle,
};

/** Of the window: what is to do, and for whom; an error is told first. */
export function titleOf(view: View, words: Words, hasProblem = view.problem !== null): string {
  const title = [titles[view.screen]({ view, words }), view.brand.name]
    .filter((part) => part !== '')
    .join(' – ');
  return hasProblem ? plain(words.errorTitle, { title }) : title;
}
