import { parseRoutes } from '../../config/routes';
import type { Route, RoutesByChannel } from '../../config/settings';

/** Routes as they are written, naming any gateway: `*:one,two`. */
export function aRoute(text: string): readonly Route[] {
  const parsed = parseRoutes(text, text.split(/[^a-z0-9-]+/));
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  return parsed.routes;
}

/** The server's routes; a channel that is not named has none. */
export function someRoutes(texts: Partial<Record<keyof RoutesByChannel, string>>): RoutesByChannel {
  const routes = (text: string | undefined) => (text === undefined ? [] : aRoute(text));
  return {
    sms: routes(texts.sms),
    voice: routes(texts.voice),
    whatsapp: routes(texts.whatsapp),
    email: routes(texts.email),
  };
}
