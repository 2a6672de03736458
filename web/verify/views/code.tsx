import {
  ActionForm,
  At,
  Cancel,
  MainButton,
  OtherChannels,
  Payment,
  Problem,
  QuietAction,
  Recipient,
  Resend,
  Text,
} from './parts';
import { fieldOf } from './problem';
import { between, counted, fill } from './text';
import type { Shown } from './ui';

/** "Sent by text to +34 … at 14:22. Works until 14:32." */
function Sent({ shown }: { readonly shown: Shown }) {
  const { view, words } = shown;
  const again = view.sends > 1 && view.sentAt !== null;
  const gap = between(words.code.until);
  return (
    <Text shown={shown}>
      {view.sentAt === null
        ? null
        : fill(words.code.sent[view.channel], {
            number: <Recipient shown={shown} />,
            time: <At shown={shown} iso={view.sentAt} />,
          })}
      {gap}
      {view.expiresAt === null
        ? null
        : fill(words.code.until, { time: <At shown={shown} iso={view.expiresAt} /> })}
      {again ? gap : null}
      {again ? fill(words.resend.done, { time: <At shown={shown} iso={view.sentAt} /> }) : null}
    </Text>
  );
}

/**
 * One field. No `maxlength`, which cuts what is pasted; no `type=number`, which drops zeros in front; and not
 * "verification" in its name, which password managers pass over.
 */
function CodeField({ shown }: { readonly shown: Shown }) {
  const { view, words, ui } = shown;
  const isNumeric = view.codeAlphabet === 'numeric';
  const isWrong = fieldOf(ui.problem) === 'code';
  const length = counted(isNumeric ? words.code.digits : words.code.characters, view.codeLength, view.locale);
  return (
    <div class="sd-field">
      <label class="sd-label" data-sd-part="label" for={`${ui.id}-code`}>
        {words.code.label}
      </label>
      <p class="sd-hint" data-sd-part="hint" id={`${ui.id}-code-hint`}>
        {length}
        {view.autoSubmit ? (
          // Where scripts run it is there from the first paint, so that nothing moves when ours takes over.
          <span class={ui.enhanced ? undefined : 'sd-scripted'}>{between(length) + words.code.auto}</span>
        ) : null}
      </p>
      <input
        class="sd-input sd-code"
        data-sd-part="input"
        id={`${ui.id}-code`}
        type="text"
        name="code"
        inputMode={isNumeric ? 'numeric' : 'text'}
        autoCapitalize={isNumeric ? 'off' : 'characters'}
        autoComplete="one-time-code"
        autoCorrect="off"
        dir="ltr"
        value={ui.code}
        autoFocus
        aria-invalid={isWrong ? 'true' : undefined}
        aria-describedby={`${ui.id}-code-hint ${ui.id}-field-error`}
      />
    </div>
  );
}

export function CodeScreen({ shown }: { readonly shown: Shown }) {
  const { view, words } = shown;
  return (
    <>
      <Sent shown={shown} />
      <Payment shown={shown} />
      <ActionForm shown={shown} action="check" class="sd-form">
        <CodeField shown={shown} />
        <Problem shown={shown} of="field" />
        <MainButton shown={shown}>{words.code.check}</MainButton>
      </ActionForm>
      <Resend shown={shown} label={words.resend.button} />
      <details class="sd-help" data-sd-part="help">
        <summary>{words.code.help}</summary>
        <p>{words.code.helpText}</p>
        <OtherChannels shown={shown} />
        {view.number?.isOwn === true ? (
          <QuietAction shown={shown} action="change">
            {words.code.change}
          </QuietAction>
        ) : null}
      </details>
      <p class="sd-note">{words.code.notYou}</p>
      <Cancel shown={shown} />
    </>
  );
}
