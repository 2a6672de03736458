import { allCountries } from '../number/countries';
import { CountryField } from './country';
import { ActionForm, Cancel, MainButton, Payment, Problem } from './parts';
import { fieldOf } from './problem';
import { Ltr, fill } from './text';
import type { Shown } from './ui';

/** An example of the country, until what was typed is a number: then how it will be used. */
function Hint({ shown: { view, words, ui } }: { readonly shown: Shown }) {
  const example = allCountries().get(ui.country ?? '')?.example;
  const { echo } = ui;
  return (
    <p key={String(echo?.valid)} class="sd-hint sd-echo" id={`${ui.id}-number-hint`} data-sd-part="hint">
      {echo?.valid === true
        ? fill(words.number.echo[view.channel], { number: <Ltr>{echo.shown}</Ltr> })
        : example === undefined
          ? null
          : fill(words.number.example, { example: <Ltr>{example}</Ltr> })}
    </p>
  );
}

function NumberField({ shown }: { readonly shown: Shown }) {
  const { words, ui } = shown;
  const isWrong = fieldOf(ui.problem) === 'number';
  return (
    <div class="sd-field">
      <label class="sd-label" data-sd-part="label" for={`${ui.id}-number`}>
        {words.number.label}
      </label>
      <input
        class="sd-input"
        data-sd-part="input"
        id={`${ui.id}-number`}
        type="tel"
        name="number"
        autoComplete="tel"
        dir="ltr"
        value={ui.number}
        autoFocus={isWrong}
        aria-invalid={isWrong ? 'true' : undefined}
        aria-describedby={`${ui.id}-number-hint ${ui.id}-field-error`}
      />
      <Hint shown={shown} />
    </div>
  );
}

export function NumberScreen({ shown }: { readonly shown: Shown }) {
  const { view, words } = shown;
  return (
    <>
      <p class="sd-text">{fill(words.number.text, { brand: view.brand.name })}</p>
      <Payment shown={shown} />
      <ActionForm shown={shown} action="send" class="sd-form">
        <CountryField shown={shown} />
        <NumberField shown={shown} />
        <Problem shown={shown} of="field" />
        <MainButton shown={shown}>{words.number.send}</MainButton>
      </ActionForm>
      <Cancel shown={shown} />
    </>
  );
}
