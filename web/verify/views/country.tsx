import {
  flagOf,
  namedCountries,
  namedCountry,
  searchCountries,
  type NamedCountry,
} from '../number/countries';
import { NativeSelect } from './native-select';
import { fieldOf } from './problem';
import { Ltr } from './text';
import type { Shown } from './ui';

/** Without script the browser's own list, with it a button to a dialog that can be searched: same place, same size. */
export function CountryField({ shown }: { readonly shown: Shown }) {
  const { view, words, ui } = shown;
  const only = view.countries?.length === 1 ? view.countries[0] : undefined;
  if (only !== undefined) return <input type="hidden" name="country" value={only} />;
  return (
    <div class="sd-field">
      <label class="sd-label" data-sd-part="label" id={`${ui.id}-country-label`} for={`${ui.id}-country`}>
        {words.number.country}
      </label>
      {ui.enhanced ? <ChooserButton shown={shown} /> : <NativeSelect shown={shown} />}
    </div>
  );
}

function Named({ country }: { readonly country: NamedCountry }) {
  return (
    <>
      <span class="sd-flag" aria-hidden="true">
        {flagOf(country.code)}
      </span>
      <span class="sd-country-name">{country.name}</span>
      <span class="sd-calling-code">
        <Ltr>{`+${country.callingCode}`}</Ltr>
      </span>
    </>
  );
}

function ChooserButton({ shown: { view, words, ui } }: { readonly shown: Shown }) {
  const chosen = namedCountry(ui.country, view.locale);
  const isWrong = fieldOf(ui.problem) === 'country';
  return (
    <>
      <input type="hidden" name="country" value={ui.country ?? ''} />
      <button
        key="chooser"
        class="sd-input sd-select"
        data-sd-part="country"
        data-sd-do="choose-country"
        id={`${ui.id}-country`}
        type="button"
        aria-haspopup="dialog"
        aria-invalid={isWrong ? 'true' : undefined}
        aria-labelledby={`${ui.id}-country-label ${ui.id}-country`}
        aria-describedby={`${ui.id}-field-error`}
      >
        {chosen === undefined ? <span>{words.number.chooseCountry}</span> : <Named country={chosen} />}
      </button>
    </>
  );
}

/** Outside the form, because it has one of its own. Its radio buttons are what screen readers read best. */
export function CountryDialog({ shown }: { readonly shown: Shown }) {
  const { words, ui } = shown;
  return (
    <dialog
      class="sd-dialog"
      data-sd-part="dialog"
      id={`${ui.id}-countries`}
      aria-label={words.number.chooseCountry}
    >
      {ui.search === null ? null : (
        <>
          <Search shown={shown} />
          <Choices shown={shown} />
        </>
      )}
    </dialog>
  );
}

function Search({ shown: { words, ui } }: { readonly shown: Shown }) {
  return (
    <div class="sd-dialog-head">
      <label class="sd-label" for={`${ui.id}-search`}>
        {words.number.searchCountries}
      </label>
      <div class="sd-dialog-bar">
        <input
          class="sd-input"
          id={`${ui.id}-search`}
          type="search"
          name="search"
          autoComplete="off"
          value={ui.search ?? ''}
        />
        <button class="sd-quiet" type="button" data-sd-do="close-countries">
          {words.cancel}
        </button>
      </div>
    </div>
  );
}

function Choices({ shown: { view, words, ui } }: { readonly shown: Shown }) {
  const found = searchCountries(namedCountries(view.countries, view.locale), ui.search ?? '');
  return (
    <fieldset class="sd-countries">
      <legend class="sd-spoken">{words.number.country}</legend>
      {found.map((country) => (
        <label key={country.code} class="sd-country">
          <input
            type="radio"
            name={`${ui.id}-choice`}
            value={country.code}
            checked={country.code === ui.country}
          />
          <Named country={country} />
        </label>
      ))}
      <p class="sd-hint" role="status">
        {found.length === 0 ? words.number.noCountryFound : null}
      </p>
    </fieldset>
  );
}
