import { namedCountries } from '../number/countries';
import { fieldOf } from './problem';
import type { Shown } from './ui';

/** The browser's own list, for who has no script. */
export function NativeSelect({ shown: { view, words, ui } }: { readonly shown: Shown }) {
  const isWrong = fieldOf(ui.problem) === 'country';
  return (
    <select
      key="native"
      class="sd-input sd-select"
      id={`${ui.id}-country`}
      name="country"
      autoFocus={isWrong}
      aria-invalid={isWrong ? 'true' : undefined}
      aria-describedby={`${ui.id}-field-error`}
    >
      <option value="">{words.number.chooseCountry}</option>
      {namedCountries(view.countries, view.locale).map(({ code, name, callingCode }) => (
        <option key={code} value={code} selected={code === ui.country}>
          {`${name} +${callingCode}`}
        </option>
      ))}
    </select>
  );
}
