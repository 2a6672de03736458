import { parseRoutes } from '../../../config/routes';
import type { Route } from '../../../config/settings';
import type { Channel } from '../../common/channel';
import type { RouteSettings } from './route-settings';

/**
 * The application's own routes for a channel, or null for the server's. They were checked when they were saved: those
 * that do not parse any more lead nowhere, and gateways that are not here any more are passed over.
 */
export function ownRoutes(
  channel: Channel,
  settings: Pick<RouteSettings, 'routes' | 'channelRoutes'>,
): readonly Route[] | null {
  const text = channel === 'sms' ? settings.routes : settings.channelRoutes?.[channel];
  if (text === undefined) return null;
  const parsed = parseRoutes(text, null);
  return parsed.ok ? parsed.routes : [];
}
