import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Locale } from '../../../web/verify/languages';
import type { Visit } from '../person/visit';
import { VisitsService, type Found } from '../person/visits.service';
import { TokensService } from '../process/tokens.service';
import { localeFor, pageLocale } from '../view/locale-choice';
import { localeCookie, readLocaleChoice, readVisit, visitCookie, type CookieSite } from './cookies';
import { PagesService } from './pages.service';

/** A request for a page, and where its answer goes. */
export interface PageCall {
  readonly token: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** What the person chose just now. */
  readonly locale?: string | undefined;
}

/** Who comes to a page. A browser that is new to it gets a cookie; the process knows nothing of that. */
@Injectable()
export class PageDoor {
  constructor(
    private readonly visits: VisitsService,
    private readonly pages: PagesService,
    private readonly tokens: TokensService,
  ) {}

  /** Null when the link leads nowhere. */
  async enter(call: PageCall): Promise<Visit | null> {
    const found = await this.visits.find(call.token, 'page');
    if (!found) return null;
    const site = this.siteOf(found);
    const chosen = this.chosenLocale(call, site);
    const visitor = this.visitorOf(call, found.known.process.id, site);
    const { ip, headers } = call.request;
    return this.visits.onPage(found, visitor, {
      ip,
      chosenLocale: chosen,
      acceptLanguage: headers['accept-language'],
    });
  }

  /** Of a page that no process is behind. */
  localeOf({ request, locale }: PageCall): Locale {
    return localeFor({
      chosen: locale ?? readLocaleChoice(request.headers.cookie),
      begun: null,
      acceptLanguage: request.headers['accept-language'],
      application: undefined,
    });
  }

  private visitorOf({ request, reply }: PageCall, processId: string, site: CookieSite): string {
    const known = this.tokens.visitorOf(processId, readVisit(request.headers.cookie, processId, site));
    if (known !== null) return known;
    const visit = this.tokens.newVisit();
    void reply.header('set-cookie', visitCookie(processId, visit, site));
    return this.tokens.visitorOf(processId, visit) ?? '';
  }

  /** Forms bring people back to the bare address, so that a choice has to be remembered. */
  private chosenLocale({ request, reply, locale }: PageCall, site: CookieSite): string | undefined {
    const chosen = pageLocale(locale);
    if (chosen === undefined) return readLocaleChoice(request.headers.cookie);
    void reply.header('set-cookie', localeCookie(chosen, site));
    return chosen;
  }

  private siteOf({ application }: Found): CookieSite {
    return {
      isSecure: this.pages.base(application).startsWith('https:'),
      isFramed: (application.settings.hosted?.frameOrigins ?? []).length > 0,
    };
  }
}
