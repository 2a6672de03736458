import { allCountries } from '../number/countries';
import { grouped } from '../number/grouping';
import { isInternational, typedCountry } from '../number/typed-country';
import type { Flow } from './flow';

const PAUSE_MS = 400;
const WORTH_ASKING = 5;

/** The field for the number, and the country that goes with it. */
export class NumberEntry {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly flow: Flow) {}

  stop(): void {
    clearTimeout(this.timer);
  }

  /** Grouped only where somebody adds to the end: corrections in the middle never make the caret jump. */
  type(input: HTMLInputElement, isInsertion: boolean): void {
    const { ui, view } = this.flow;
    const country = typedCountry(input.value, ui.country, view.countries) ?? ui.country;
    if (isInsertion && input.selectionStart === input.value.length) {
      const text = grouped(input.value, country === null ? undefined : allCountries().get(country)?.example);
      if (text !== input.value) input.value = text;
    }
    this.flow.set({ number: input.value, country, echo: null });
    this.ask();
  }

  choose(country: string): void {
    this.flow.set({ country, echo: null, problem: null });
    this.ask();
  }

  /** How the number will be used, in the server's words: it alone knows all numbers. */
  private ask(): void {
    this.stop();
    const { number, country } = this.flow.ui;
    if (number.replace(/\P{Nd}/gu, '').length < WORTH_ASKING) return;
    if (country === null && !isInternational(number)) return;
    this.timer = setTimeout(() => void this.fetchEcho(number, country ?? ''), PAUSE_MS);
  }

  private async fetchEcho(number: string, country: string): Promise<void> {
    const { view, host } = this.flow;
    const body = { number, country, formToken: view.formToken };
    const echo = await host.transport.number(body).catch(() => null);
    const { ui } = this.flow;
    if (echo === null || ui.number !== number || this.flow.view.screen !== 'number') return;
    const found = isInternational(number) ? (echo.country ?? ui.country) : ui.country;
    this.flow.set({ echo, country: found });
  }
}
