/**
 * The default texts, one entry per language. A new language is one more entry: nothing else knows their names.
 *
 * Why they read as they do:
 * - What the code is for and "never share it" stand right beside the code: with the usual wording half of the
 *   people forwarded it to an attacker who asked, with a warning like this one 8 % (Siadati et al. 2017).
 * - iOS offers a code when the word for it stands in the same sentence, so that sentence is the first.
 * - Every word is in the GSM alphabet, or the message would cost double. Spanish has one word that is not:
 *   "código" is written "codigo", as banks in Spain and Latin America do; all others were chosen to need
 *   neither á, í, ó nor ú ("para entrar" for "iniciar sesión", "de un solo uso" for "de verificación").
 * - No link: people should learn that texts with a code never have one.
 */
export interface Language {
  /** ISO 3166-1 alpha-2: where people expect it when neither the call nor the application says otherwise. */
  readonly countries: readonly string[];
  /** The word for the code with what it is for; `default` for every purpose that has no entry. */
  readonly kinds: Readonly<Record<string, string>> & { readonly default: string };
  /** Longest first: the first that fits into one message is sent. `{sender}` is the brand and a colon, or nothing. */
  readonly code: readonly [string, ...string[]];
  /** For a code that confirms a payment: amount and payee are in every one (PSD2 RTS, article 5). */
  readonly payment: readonly [string, ...string[]];
}

export const languages = {
  en: {
    countries: [],
    kinds: {
      default: 'verification code',
      login: 'code to sign in',
      signup: 'code to create your account',
      password_reset: 'code to reset your password',
      payment: 'code to confirm a payment',
      signature: 'code to sign a document',
      vote: 'code to vote',
      door: 'code to open the door',
    },
    code: [
      '{sender}{code} is your {kind}. NEVER share it, we will never ask for it. Not you? Ignore this text. Expires in {minutes} min.',
      '{sender}{code} is your {kind}. NEVER share it. Expires in {minutes} min.',
      '{sender}{code} is your code. NEVER share it. Valid {minutes} min.',
    ],
    payment: [
      '{sender}{code} is your code to pay {amount} {currency} to {payee}. NEVER share it, we will never ask for it. Expires in {minutes} min.',
      '{sender}{code} is your code to pay {amount} {currency} to {payee}. NEVER share it. Valid {minutes} min.',
    ],
  },
  es: {
    countries: [
      ...['AR', 'BO', 'CL', 'CO', 'CR', 'CU', 'DO', 'EC', 'ES', 'GQ', 'GT'],
      ...['HN', 'MX', 'NI', 'PA', 'PE', 'PR', 'PY', 'SV', 'UY', 'VE'],
    ],
    kinds: {
      default: 'codigo de un solo uso',
      login: 'codigo para entrar',
      signup: 'codigo para crear tu cuenta',
      password_reset: 'codigo para cambiar tu clave',
      payment: 'codigo para confirmar un pago',
      signature: 'codigo para firmar un documento',
      vote: 'codigo para votar',
      door: 'codigo para abrir la puerta',
    },
    code: [
      '{sender}{code} es tu {kind}. NO lo compartas, nunca te lo pediremos. Si no lo has pedido, ignora este SMS. Caduca en {minutes} min.',
      '{sender}{code} es tu {kind}. NO lo compartas con nadie. Caduca en {minutes} min.',
      '{sender}{code} es tu codigo. NO lo compartas. Caduca en {minutes} min.',
    ],
    payment: [
      '{sender}{code} es tu codigo para pagar {amount} {currency} a {payee}. NO lo compartas, nunca te lo pediremos. Caduca en {minutes} min.',
      '{sender}{code} es tu codigo para pagar {amount} {currency} a {payee}. NO lo compartas. Caduca en {minutes} min.',
    ],
  },
} as const satisfies Readonly<Record<string, Language>>;

/** A language that texts exist in. */
export type Locale = keyof typeof languages;
