import { Inject, Injectable } from '@nestjs/common';
import { ServerSettings } from '../../../config/settings';
import type { Brand, Channel, View } from '../../../web/verify/contract';
import { directionOf, type Locale } from '../../../web/verify/languages';
import type { Application } from '../../applications/application';
import { brandOf } from '../../brand/brand';
import { basePathOf } from '../../common/http/base-path';
import { DomainError } from '../../common/errors';
import { newId } from '../../common/ids';
import { parsePhoneNumber } from '../../phone/parse-phone-number';
import type { CallContext } from '../../otp/verifications/call-context';
import type { VerificationView } from '../../otp/verifications/read/verification.view';
import { VerificationsService } from '../../otp/verifications/verifications.service';
import { pageBase } from '../page/page-address';
import type { Acted } from '../person/sending.service';
import { contextIn, seenIn, standingIn, type Visit } from '../person/visit';
import type { Process } from '../process/process';
import { ProcessesService } from '../process/processes.service';
import type { Standing } from '../process/rules';
import { TokensService } from '../process/tokens.service';
import { noTrouble, type Trouble } from './trouble';
import { bareView, viewOf } from './view';

/** Nobody's: for links that lead nowhere. */
const neutralBrand: Brand = { name: '', contact: null, logoUrl: null, theme: { light: {}, dark: {} } };

/** Gathers what a view is made from. */
@Injectable()
export class ViewsService {
  constructor(
    private readonly otp: VerificationsService,
    private readonly processes: ProcessesService,
    private readonly tokens: TokensService,
    @Inject(ServerSettings) private readonly server: ServerSettings,
  ) {}

  /** As the process is now, whatever others have made of it meanwhile. */
  async afterwards({ visit, trouble }: Acted): Promise<View> {
    const known = await this.processes.byId(visit.known.process.id);
    return known ? this.view({ ...visit, known }, trouble) : this.nowhere(visit.locale);
  }

  async view(visit: Visit, trouble: Trouble = noTrouble): Promise<View> {
    const { known, application, visitor, locale } = visit;
    const process = seenIn(visit);
    const standing = standingIn(visit);
    const context = contextIn(visit);
    const isShown = standing === 'open' || standing === 'done';
    const verification = isShown ? await this.verificationOf(process, context) : null;
    const { settings } = application;
    return viewOf({
      process,
      standing,
      verification,
      channels: this.channelsOf(process, verification, context),
      policy: context.policyOf(process.purpose),
      allowedCountries: settings.allowedCountries ?? null,
      resultToken: this.resultOf(process, standing, known.now),
      trouble,
      locale,
      direction: directionOf(locale),
      brand: brandOf(application, this.logoBase(process, application)),
      now: known.now,
      operation: newId(),
      formToken: process.surface === 'page' ? this.tokens.formToken(process.id, visitor) : '',
      autoSubmit: settings.hosted?.autoSubmit ?? true,
    });
  }

  /** For links and sessions that are unknown, foreign or over: they all look alike. */
  nowhere(locale: Locale): View {
    const frame = { locale, direction: directionOf(locale), brand: neutralBrand, now: new Date() };
    return bareView('link_expired', { ...frame, operation: '', formToken: '', autoSubmit: false });
  }

  /** Pages of others need whole addresses. */
  private logoBase({ surface }: Process, { settings }: Application): string {
    const base = pageBase(this.server.publicUrl, settings.hosted?.url);
    return surface === 'page' ? basePathOf(base) : base;
  }

  /** Made anew while the page is open, until it is redeemed. */
  private resultOf({ id, redeemed }: Process, standing: Standing, now: Date): string | null {
    return standing === 'done' && !redeemed ? this.tokens.resultToken(id, now) : null;
  }

  /** Null: no code is under way, or nothing is known of it any more. */
  private async verificationOf({ code }: Process, context: CallContext): Promise<VerificationView | null> {
    if (!code) return null;
    try {
      return await this.otp.read(context, code.verificationId);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'verification_not_found') return null;
      throw error;
    }
  }

  /** In the order that the backend gave; else texts first. Those of the policy that lead somewhere. */
  private channelsOf(
    process: Process,
    verification: VerificationView | null,
    context: CallContext,
  ): [Channel, ...Channel[]] {
    const { purpose, personal, channels } = process;
    const country = verification?.country ?? countryOf(personal.to);
    const possible = this.otp.channelsTo(context, { country, email: personal.email, purpose });
    const usual = context.application.settings.channels?.map(({ channel }) => channel) ?? [];
    const wanted = channels ?? [...new Set<Channel>([...usual, 'sms', ...possible])];
    const [first = 'sms', ...others] = wanted.filter((channel) => possible.includes(channel));
    return [first, ...others];
  }
}

function countryOf(to: string | null): string | null {
  const parsed = to === null ? null : parsePhoneNumber(to);
  return parsed?.ok ? parsed.number.country : null;
}
