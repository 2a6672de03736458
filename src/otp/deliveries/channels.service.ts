import { Injectable } from '@nestjs/common';
import type { Route } from '../../../config/settings';
import type { Application } from '../../applications/application';
import { ownRoutes } from '../../applications/own-routes';
import type { Channel } from '../../common/channel';
import { SmsService } from '../../sms/sms.service';
import type { ChannelStep } from '../slots/slot';
import { planChannels, requireChannel } from '../verifications/start/channel-plan';
import type { ChannelAsk } from '../verifications/start/channel-plan';

/** Which channels and gateways reach a recipient, by the server's routes and the application's own. */
@Injectable()
export class ChannelsService {
  constructor(private readonly sms: SmsService) {}

  /** @throws DomainError `invalid_request`, see `planChannels` */
  plan(
    ask: ChannelAsk,
    application: Application,
    country: string | null,
  ): readonly [ChannelStep, ...ChannelStep[]] {
    const isOffered = (channel: Channel) => this.candidates(channel, application, country).length > 0;
    return planChannels(ask, application.settings.channels, isOffered);
  }

  /** @throws DomainError `invalid_request` when a message by this channel could go nowhere */
  require(
    channel: Channel,
    application: Application,
    { country, email }: { country: string | null; email: string | null },
  ): void {
    const isOffered = () => this.candidates(channel, application, country).length > 0;
    requireChannel(channel, 'channel', isOffered, email);
  }

  /** Gateways in the order in which they would be tried. */
  candidates(channel: Channel, application: Application, country: string | null): readonly string[] {
    return this.sms.candidates(channel, country, this.routes(channel, application));
  }

  /** Null: the server's. */
  routes(channel: Channel, { settings }: Application): readonly Route[] | null {
    return ownRoutes(channel, settings);
  }
}
