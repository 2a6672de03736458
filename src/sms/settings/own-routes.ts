import { parseRoutes } from '../../../config/routes';
import type { Route } from '../../../config/settings';
import type { Channel } from '../../common/channel';
import { gateways } from '../gateways.generated';
import type { RouteSettings } from './route-settings';

/**
 * The application's own routes for a channel, or null for the server's. Routes that were checked when they were
 * saved and do not parse any more lead nowhere.
 */
export function ownRoutes(
  channel: Channel,
  settings: Pick<RouteSettings, 'routes' | 'channelRoutes'>,
): readonly Route[] | null {
  const text = channel === 'sms' ? settings.routes : settings.channelRoutes?.[channel];
  if (text === undefined) return null;
  const parsed = parseRoutes(text, Object.keys(gateways));
  return parsed.ok ? parsed.routes : [];
}
