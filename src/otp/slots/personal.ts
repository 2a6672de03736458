/** What a slot keeps of a person, sealed, until 24 h after the end. */

/** A payment that the code confirms: all three as the person sees them. */
export interface Transaction {
  /** Decimal number as a string. */
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly payee: string;
}

/** What is sealed in `personal`. */
export interface Personal {
  /** E.164. */
  readonly to: string;
  readonly email?: string;
  readonly clientIp?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly transaction?: Transaction;
  /** Any text of the caller's that the code is bound to, such as the SHA-256 of a document. */
  readonly digest?: string;
}
