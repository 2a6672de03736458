import type { NumberEcho, Problem, View } from '../contract';
import type { Words } from '../words';

/** What a screen shows beside the server's view: what was typed, what is under way. Without script it stays as it began. */
export interface Ui {
  /** In front of every id, so that several forms fit on one page. */
  readonly id: string;
  /** A page of its own has its heading in `h1`; within another page it is an `h2`. */
  readonly heading: 'h1' | 'h2';
  /** The script runs: local times, a countdown, the country's own dialog. */
  readonly enhanced: boolean;
  readonly busy: boolean;
  /** An answer did not come; what was asked for can be repeated. */
  readonly trouble: 'offline' | 'unavailable' | null;
  /** What the last action, or the person's own device, found wrong. */
  readonly problem: Problem | null;
  /** Counts answers, so that the same problem is announced again. */
  readonly attempt: number;
  readonly number: string;
  readonly country: string | null;
  readonly code: string;
  readonly echo: NumberEcho | null;
  /** Seconds until another message may be asked for; null: now. */
  readonly wait: number | null;
  /** What the person searches for among the countries; null while the dialog is closed. */
  readonly search: string | null;
  /** The check that no robot asks takes long. */
  readonly slow: boolean;
  /** The check wants the person to do something. */
  readonly widget: boolean;
}

/** All that a screen is made from. */
export interface Shown {
  readonly view: View;
  readonly words: Words;
  readonly ui: Ui;
  /** In front of the names of actions: `/verify/{token}`; empty in the component, whose forms never leave the page. */
  readonly base: string;
}

/** As the server renders it, and as the script takes it over. */
export function firstUi(view: View, id = 'sd'): Ui {
  return {
    id,
    heading: 'h1',
    enhanced: false,
    busy: false,
    trouble: null,
    problem: view.problem,
    attempt: 0,
    number: view.screen === 'number' ? (view.typed ?? '') : '',
    country: view.country,
    code: view.screen === 'code' ? (view.typed ?? '') : '',
    echo: null,
    wait: null,
    search: null,
    slow: false,
    widget: false,
  };
}
