import type { Template } from '../texts/templates/template';

/** What an application sets about its texts; all optional, defaults apply at use. */
export interface TextSettings {
  readonly brand?: string;
  /** BCP 47, e.g. `es-MX`. */
  readonly locale?: string;
  /** Shown to people in texts, e.g. an e-mail address or URL of the support. */
  readonly contact?: string;
  readonly templates?: readonly Template[];
  /** Whether templates may hold links; default false. */
  readonly allowLinks?: boolean;
  /** Whether a text may lose accents to fit into fewer parts; default false. Built-in texts need none. */
  readonly transliterate?: boolean;
  readonly webOtpDomain?: string;
  readonly appHash?: string;
}
