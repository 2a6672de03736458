/**
 * What the server tells a page or a component about its process, and what these may ask. Every answer is the whole
 * view: the client computes no rule, so that the page without JavaScript and the one with it cannot differ.
 */

export const screens = [
  /** The person types a number. */
  'number',
  /** The backend gave the number; the person starts the message. */
  'confirm',
  /** A risk check wants something from the browser before a message goes out. */
  'challenge',
  /** A code is under way. */
  'code',
  /** The code ended: see `Ended`. */
  'ended',
  'locked',
  'limit',
  'unreachable',
  'done',
  'link_expired',
  'link_used',
  /** Another browser went on with this link. */
  'elsewhere',
  'cancelled',
] as const;
export type Screen = (typeof screens)[number];

export type Channel = 'sms' | 'voice' | 'whatsapp' | 'email';

/** Why a code is worth nothing any more. */
export type Ended = 'expired' | 'failed' | 'used';

/** What went wrong with the last action; each has a sentence of its own in `Words.errors`. */
export const problems = [
  'number_missing',
  'number_invalid',
  'number_too_short',
  'number_too_long',
  'country_missing',
  'country_not_allowed',
  'number_type',
  'code_incomplete',
  'code_wrong',
  'code_wrong_last',
  'too_soon',
  'limit',
  'challenge_failed',
  'unavailable',
  'busy',
] as const;
export type Problem = (typeof problems)[number];

/** Of an application, for everything that a person looks at. */
export interface Brand {
  /** As the application's people know it. */
  readonly name: string;
  /** Where help is: an address, a number or an e-mail address; null when the application names none. */
  readonly contact: string | null;
  /** Of this server; null without one. */
  readonly logoUrl: string | null;
  /** CSS custom properties (`--sd-accent`) of the light and the dark theme, with their values. */
  readonly theme: { readonly light: Theme; readonly dark: Theme };
}
export type Theme = Readonly<Record<`--sd-${string}`, string>>;

/** What a risk check wants: the offer of `challenge_required`, under the name of its check. */
export type Challenge = Readonly<Record<string, string | number>> & { readonly check: string };

export interface View {
  readonly screen: Screen;
  /** BCP 47, one of the languages that exist. */
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  readonly brand: Brand;
  /** ISO 8601, of this answer: countdowns go by it and not by the clock of the device. */
  readonly serverTime: string;
  /** The number that messages go to; null before there is one. */
  readonly number: {
    /** In full where it was typed in this browser, else masked. */
    readonly shown: string;
    /** It may be changed. */
    readonly isOwn: boolean;
  } | null;
  /** For the screen `number`: ISO 3166-1 alpha-2 codes that may be chosen; null: all. */
  readonly countries: readonly string[] | null;
  /** The country to choose first; null: none. */
  readonly country: string | null;
  /** What was typed into the field with the problem, for the page without JavaScript. */
  readonly typed: string | null;
  /** How the last message went, or the first one would go. */
  readonly channel: Channel;
  /** Others by which the same code can be asked for now. */
  readonly channels: readonly Channel[];
  /** `a•••@mail.com` for the channel `email`; null without an address. */
  readonly email: string | null;
  readonly codeLength: number;
  readonly codeAlphabet: 'numeric' | 'alphanumeric';
  /** ISO 8601; null before a message went out. */
  readonly sentAt: string | null;
  /** How often a message was asked for in this process: more than 1 says "sent again". */
  readonly sends: number;
  readonly expiresAt: string | null;
  /** From when another message may be asked for; null: never in this process. */
  readonly resendAt: string | null;
  /** Guesses left for this code; null where none was wrong yet. */
  readonly checksLeft: number | null;
  readonly ended: Ended | null;
  readonly problem: Problem | null;
  /** For `locked`, `limit`, `too_soon`: ISO 8601; null: only the application can help. */
  readonly until: string | null;
  readonly challenge: Challenge | null;
  /** The payment that the code confirms. */
  readonly transaction: { readonly amount: string; readonly currency: string; readonly payee: string } | null;
  /** Where the page goes from `done`, with the result in it; null in the component. */
  readonly continueUrl: string | null;
  /** Back to the application from screens that end without a result. */
  readonly cancelUrl: string | null;
  /** In the component, with `done`: to be handed to the backend. */
  readonly resultToken: string | null;
  /** By it a message that is asked for twice goes out once. Drawn anew with each view. */
  readonly operation: string;
  /** Ties unsafe calls of the page to the browser that was shown it; empty in the component. */
  readonly formToken: string;
  /** Whether a complete code is checked without a button. */
  readonly autoSubmit: boolean;
}

/**
 * What may be asked: `POST /verify/{token}/{action}` of the page (form or JSON; both with `formToken`),
 * `POST /embed/v1/session/{action}` of the component (JSON, `Authorization: Bearer sds_…`).
 */
export interface Actions {
  /** Sends a code to a number, or to the one that is there. */
  readonly send: {
    readonly operation: string;
    readonly number?: string;
    readonly country?: string;
    readonly channel?: Channel;
    readonly challenge?: string;
  };
  /** The same code again. */
  readonly resend: { readonly operation: string; readonly channel?: Channel; readonly challenge?: string };
  readonly check: { readonly code: string };
  /** Back to the screen `number`. */
  readonly change: Record<string, never>;
  readonly cancel: Record<string, never>;
}
export type Action = keyof Actions;

/** `POST …/number`: what is known of what was typed so far. Sends nothing and charges nothing. */
export interface NumberEcho {
  readonly valid: boolean;
  /** International form, only of a number that may be used. */
  readonly shown: string | null;
  readonly country: string | null;
  readonly problem: Problem | null;
}
