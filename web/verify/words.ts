/**
 * What a language has to say on a page, as data. `{brand}` and the like are filled in; a word with several forms is
 * chosen by `Intl.PluralRules`. Sentences are plain, address the person directly and say the next step.
 */
export type Plural = { readonly other: string } & Readonly<
  Partial<Record<'zero' | 'one' | 'two' | 'few' | 'many', string>>
>;

type PerChannel = Readonly<Record<'sms' | 'voice' | 'whatsapp' | 'email', string>>;

export interface Words {
  readonly number: {
    readonly title: string;
    /** {brand} */
    readonly text: string;
    readonly label: string;
    readonly country: string;
    readonly chooseCountry: string;
    readonly searchCountries: string;
    readonly noCountryFound: string;
    /** {example} */
    readonly example: string;
    /** {number} */
    readonly echo: PerChannel;
    readonly send: string;
  };
  readonly confirm: {
    readonly title: string;
    /** {number}, of `email` the address */
    readonly text: PerChannel;
    /** {amount} with its currency, {payee} */
    readonly payment: string;
  };
  readonly challenge: {
    readonly title: string;
    readonly text: string;
    readonly slow: string;
    readonly solve: string;
    readonly needsScript: string;
  };
  readonly code: {
    readonly title: string;
    /** {number}, of `email` the address; {time} */
    readonly sent: PerChannel;
    /** {time} */
    readonly until: string;
    readonly label: string;
    /** {count} */
    readonly digits: Plural;
    /** {count} */
    readonly characters: Plural;
    /** After `digits` or `characters`, where a complete code is checked by itself. */
    readonly auto: string;
    readonly check: string;
    readonly notYou: string;
    readonly help: string;
    readonly helpText: string;
    readonly change: string;
  };
  readonly resend: {
    /** {time}: minutes and seconds as on a clock */
    readonly wait: string;
    readonly ready: string;
    readonly button: string;
    /** {time} */
    readonly done: string;
  };
  /** Buttons for other channels; {email} */
  readonly channels: PerChannel;
  readonly errors: {
    readonly numberMissing: string;
    readonly numberInvalid: string;
    readonly numberTooShort: string;
    readonly numberTooLong: string;
    readonly countryMissing: string;
    /** {brand} */
    readonly countryNotAllowed: string;
    readonly numberType: string;
    /** {length} the code has, {count} were typed */
    readonly codeIncomplete: string;
    /** {count} tries are left, at least two */
    readonly codeWrong: Plural;
    readonly codeWrongLast: string;
    /** {time} */
    readonly tooSoon: string;
    readonly limit: string;
    readonly challengeFailed: string;
    readonly unavailable: string;
    readonly busy: string;
    readonly offline: string;
  };
  readonly ended: {
    readonly expired: string;
    readonly failed: string;
    readonly used: string;
    readonly text: string;
    readonly button: string;
  };
  readonly locked: {
    readonly title: string;
    /** {time} */
    readonly until: string;
    /** {brand} */
    readonly forGood: string;
  };
  readonly limit: {
    readonly title: string;
    /** {time} */
    readonly until: string;
    readonly codeWorks: string;
    readonly enterCode: string;
  };
  readonly unreachable: { readonly title: string; readonly text: string; readonly button: string };
  readonly done: {
    readonly title: string;
    /** {brand} */
    readonly text: string;
    readonly close: string;
    readonly button: string;
  };
  readonly link: {
    readonly expired: string;
    readonly used: string;
    readonly elsewhere: string;
    readonly cancelled: string;
    /** {brand} */
    readonly text: string;
    /** {brand} */
    readonly back: string;
  };
  readonly cancel: string;
  readonly tryAgain: string;
  readonly loading: string;
  readonly language: string;
  /** {contact} */
  readonly contact: string;
  /** {title}: before the title of a page that shows an error */
  readonly errorTitle: string;
  /** Spoken only. */
  readonly spoken: { readonly sent: string; readonly calling: string; readonly checking: string };
}
