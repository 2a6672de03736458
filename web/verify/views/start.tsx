import { ActionForm, Cancel, Heading, MainButton, Payment, Problem, Recipient } from './parts';
import { fill } from './text';
import type { Shown } from './ui';

/** The number is known; the person starts the message, so that a scanner of mails that opens the link does not. */
export function ConfirmScreen({ shown }: { readonly shown: Shown }) {
  const { view, words, ui } = shown;
  return (
    <>
      <Heading ui={ui}>{words.confirm.title}</Heading>
      <p class="sd-text">{fill(words.confirm.text[view.channel], { number: <Recipient shown={shown} /> })}</p>
      <Payment shown={shown} />
      <ActionForm shown={shown} action="send" class="sd-form">
        <Problem shown={shown} of="form" />
        <MainButton ui={ui}>{words.number.send}</MainButton>
      </ActionForm>
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
      <Heading ui={ui}>{words.challenge.title}</Heading>
      <p class="sd-text">{ui.enhanced ? text : words.challenge.needsScript}</p>
      <Problem shown={shown} of="form" />
      <div class="sd-widget" key={view.operation} id={`${ui.id}-widget`} />
      {ui.enhanced && !ui.widget ? <div class="sd-progress" aria-hidden="true" /> : null}
      <p class="sd-hint sd-slow" role="status">
        {ui.slow ? words.challenge.slow : null}
      </p>
      <Cancel shown={shown} />
    </>
  );
}
