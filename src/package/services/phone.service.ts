import { Inject, Injectable } from '@nestjs/common';
import { ServerSettings } from '../../../config/settings';
import { ApplicationsService } from '../../applications/applications.service';
import type { PhoneNumberReport } from '../../phone/phone-report';
import { PhoneService as Phones } from '../../phone/phone.service';
import { answering } from '../sixdigit-error';
import { applicationOf } from './on-behalf';
import type { OnBehalf } from './verification';

/** A number as a person wrote it. */
export interface NumberInput {
  /** As typed or copied: E.164, or national with `country`. */
  readonly to: string;
  /** ISO 3166-1 alpha-2 in either case; absent: `DEFAULT_COUNTRY`. */
  readonly country?: string | undefined;
}

/** What there is to know about a number without asking anybody. Nothing is sent or stored. */
@Injectable()
export class PhoneService {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly phones: Phones,
    @Inject(ServerSettings) private readonly server: ServerSettings,
  ) {}

  /**
   * Also resolves for junk: `valid` says whether it is a number, `allowed` whether the application may send to it.
   *
   * @throws SixdigitError `not_found` when there is no such application, `unavailable`
   */
  validate(input: NumberInput, options: OnBehalf = {}): Promise<PhoneNumberReport> {
    return answering(this.report(input, applicationOf(options)));
  }

  private async report(input: NumberInput, applicationId: string): Promise<PhoneNumberReport> {
    const { settings } = await this.applications.current(applicationId);
    return this.phones.report(input, settings, this.server.isProduction);
  }
}
