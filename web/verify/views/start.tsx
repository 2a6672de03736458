import { Cancel, MainAction, Payment, Problem, Recipient } from './parts';
import { fill } from './text';
import type { Shown } from './ui';

/** The number is known; the person starts the message, so that a scanner of mails that opens the link does not. */
export function ConfirmScreen({ shown }: { readonly shown: Shown }) {
  const { view, words } = shown;
  return (
    <>
      <p class="sd-text">{fill(words.confirm.text[view.channel], { number: <Recipient shown={shown} /> })}</p>
      <Payment shown={shown} />
      <MainAction shown={shown} action="send">
        {words.number.send}
      </MainAction>
      <Cancel shown={shown} />
    </>
  );
}

/** What is solved here is solved by the script: a puzzle by itself, or in the widget of a vendor. */
export function ChallengeScreen({ shown }: { readonly shown: Shown }) {
  const { view, words, ui } = shown;
  const text = ui.widget ? words.challenge.solve : words.challenge.text;
  return (
    <>
      <p class="sd-text">{ui.enhanced ? text : words.challenge.needsScript}</p>
      <Problem shown={shown} of="form" />
      <div class="sd-widget" key={view.operation} id={`${ui.id}-widget`} />
      {ui.problem === null ? (
        ui.enhanced && !ui.widget && <div class="sd-progress" aria-hidden="true" />
      ) : (
        <button class="sd-button" data-sd-part="button" type="button" data-sd-do="retry">
          {words.tryAgain}
        </button>
      )}
      <p class="sd-hint sd-slow" role="status">
        {ui.slow ? words.challenge.slow : null}
      </p>
      <Cancel shown={shown} />
    </>
  );
}
