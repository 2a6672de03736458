import { Inject, Injectable } from '@nestjs/common';
import { ServerSettings } from '../../../config/settings';
import type { Application } from '../../applications/application';
import { ApplicationsService } from '../../applications/applications.service';
import { isWebOtpDomain } from '../../sms/texts/autofill';
import { pageBase } from '../page/page-address';
import { SESSION_VISITOR, type Surface } from '../process/process';
import { ProcessesService, type Known } from '../process/processes.service';
import { standingOf } from '../process/rules';
import { TokensService } from '../process/tokens.service';
import { localeFor } from '../view/locale-choice';
import type { Visit } from './visit';

/** What a request says of a visitor. */
export interface Visitor {
  readonly ip: string;
  readonly chosenLocale: string | undefined;
  readonly acceptLanguage: string | undefined;
}

export interface Found {
  readonly known: Known;
  readonly application: Application;
}

/** Finds the process behind a link or a session. */
@Injectable()
export class VisitsService {
  constructor(
    private readonly processes: ProcessesService,
    private readonly applications: ApplicationsService,
    private readonly tokens: TokensService,
    @Inject(ServerSettings) private readonly server: ServerSettings,
  ) {}

  /** Null for whatever is unknown, of the other surface, over, or of an application that is switched off. */
  async find(token: string, surface: Surface): Promise<Found | null> {
    const digest = this.tokens.storedToken(token, surface);
    const known = digest === null ? null : await this.processes.byToken(digest);
    if (known?.process.surface !== surface) return null;
    if (standingOf(known.process, null, known.now) === 'over') return null;
    const application = await this.applications.find(known.process.applicationId);
    return application && application.settings.disabled !== true ? { known, application } : null;
  }

  onPage(found: Found, visitor: string, request: Visitor): Visit {
    return this.visit(found, visitor, request);
  }

  inComponent(found: Found, request: Visitor): Visit {
    return this.visit(found, SESSION_VISITOR, request);
  }

  private visit({ known, application }: Found, visitor: string, request: Visitor): Visit {
    const { locale, origin } = known.process;
    return {
      known,
      application,
      visitor,
      locale: localeFor({
        chosen: request.chosenLocale,
        begun: locale,
        acceptLanguage: request.acceptLanguage,
        application: application.settings.locale,
      }),
      clientIp: request.ip,
      webOtpDomain: webOtpDomainOf(
        origin ?? pageBase(this.server.publicUrl, application.settings.hosted?.url),
      ),
    };
  }
}

function webOtpDomainOf(url: string): string | null {
  const { hostname } = new URL(url);
  return isWebOtpDomain(hostname) ? hostname : null;
}
