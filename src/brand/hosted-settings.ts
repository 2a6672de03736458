import type { FieldProblem } from '../common/errors';
import type { Locale } from '../sms/texts/languages';
import type { TextOverrides } from './texts/text-keys';
import type { ThemeSettings } from './theme/theme';
import { isLoopback } from './web-address/web-address';

/** What an application sets about its hosted page and its component; all optional, defaults apply at use. */
export interface HostedSettings {
  readonly hosted?: {
    /** Where the page may return to with a result: scheme, host, port and path, to the character. */
    readonly returnUrls?: readonly string[];
    /** Where it may return to without one. */
    readonly cancelUrls?: readonly string[];
    /** Pages that may show the hosted page in a frame. */
    readonly frameOrigins?: readonly string[];
    /** Pages that may carry the component. */
    readonly origins?: readonly string[];
    /** Origin under which people see the page, when it is not `PUBLIC_URL`. */
    readonly url?: string;
    readonly theme?: ThemeSettings;
    readonly texts?: Readonly<Partial<Record<Locale, TextOverrides>>>;
    /** Whether a complete code is checked without a button; default true. */
    readonly autoSubmit?: boolean;
  };
}

const lists = ['returnUrls', 'cancelUrls', 'frameOrigins', 'origins'] as const;

/** People of a production server have nothing to find on their own machine, or somebody else's program there. */
export function hostedProblems({ hosted = {} }: HostedSettings, isProduction: boolean): FieldProblem[] {
  if (!isProduction) return [];
  const named = lists.flatMap((name) =>
    (hosted[name] ?? []).map((address, index) => ({ path: `${name}.${index}`, address })),
  );
  return [...named, { path: 'url', address: hosted.url ?? '' }]
    .filter(({ address }) => isLoopback(address))
    .map(({ path }) => ({
      path: `settings.hosted.${path}`,
      message: 'This is production: name an address that people can reach, with https.',
    }));
}
