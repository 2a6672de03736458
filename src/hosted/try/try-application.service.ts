import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ServerSettings } from '../../../config/settings';
import type { ApplicationSettings } from '../../applications/application';
import { ApplicationsService } from '../../applications/applications.service';
import { defaultLimits } from '../../limits/counts/limit';
import { contextOf, type CallContext } from '../../otp/verifications/call-context';

const ID = 'try';

/** The application of the demo: with every start it is as this start needs it. */
@Injectable()
export class TryApplication implements OnApplicationBootstrap {
  constructor(
    private readonly applications: ApplicationsService,
    @Inject(ServerSettings) private readonly server: ServerSettings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.applications.keep(ID, { name: 'Try it', settings: settingsFor(this.server.publicUrl) });
  }

  /** As if the backend of the demo had called with a key. It has none. */
  async context(): Promise<CallContext> {
    return contextOf(await this.applications.current(ID), ID);
  }

  /** Where its page returns to. */
  get returnUrl(): string {
    return returnUrlAt(this.server.publicUrl);
  }
}

/** Whoever tries it does so again and again with the same number: nothing is to hold them up but what they see. */
function settingsFor(publicUrl: string): ApplicationSettings {
  const { origin } = new URL(publicUrl);
  return {
    brand: 'Blue Door Books',
    contact: 'help@bluedoor.example',
    policy: { sends: { max: 100 } },
    limits: Object.fromEntries(Object.keys(defaultLimits).map((name) => [name, { disabled: true }])),
    hosted: { returnUrls: [returnUrlAt(publicUrl)], frameOrigins: [origin] },
  };
}

const returnUrlAt = (publicUrl: string): string => new URL('/try/return', publicUrl).href;
