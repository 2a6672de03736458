import type { ChannelWait } from '../../common/channel';
import type { SenderSetting } from '../senders/sender-choice';
import type { DeliveryRules } from '../routing/delivery-rules';

/** What an application sets about the way its messages take; all optional, defaults apply at use. */
export interface RouteSettings {
  /** As `SMS_ROUTES`; absent: the server's routes. */
  readonly routes?: string;
  /** The same for the other channels; absent: the server's. */
  readonly channelRoutes?: { readonly voice?: string; readonly whatsapp?: string; readonly email?: string };
  /** Channels in the order in which they are tried; absent: `sms` alone. */
  readonly channels?: readonly ChannelWait[];
  readonly delivery?: Partial<DeliveryRules>;
  /** Senders other than those of the gateways' settings, among those that the operator allows. */
  readonly senders?: readonly SenderSetting[];
}
