import { Inject, Injectable } from '@nestjs/common';
import { PhoneSettings } from '../../config/settings';
import { Clock } from '../common/clock';
import { DomainError } from '../common/errors';
import { isCountry, parsePhoneNumber, type ParsedPhoneNumber } from './parse-phone-number';
import type { PhoneNumber } from './phone-number';
import { checkAllowed, type PhoneAllowance, type PhonePolicy, type PhoneRefusal } from './phone-policy';
import { phoneProblemMessages, type PhoneProblem } from './phone-problem';
import { reportOn, type PhoneNumberReport } from './phone-report';
import { countInForce, testNumberOf, type TestNumber, type TestNumbers } from './test-numbers';

const refusalDetails: Readonly<Record<PhoneRefusal, string>> = {
  country_not_allowed:
    'The application may not send to the country of this number; see its setting allowedCountries.',
  number_type_not_allowed:
    'The application may not send to numbers of this type; see its setting allowedNumberTypes.',
};

type NumberSettings = PhonePolicy & TestNumbers;

interface PhoneInput {
  /** E.164, or national with `country` or a default country. */
  readonly to: string;
  /** ISO 3166-1 alpha-2 in either case. */
  readonly country?: string | null | undefined;
}

/** Where free input becomes a number that may be texted. Numbers never appear in the errors it throws. */
@Injectable()
export class PhoneService {
  constructor(
    @Inject(PhoneSettings) private readonly settings: PhoneSettings,
    @Inject(Clock) private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** `country` counts in either case; without it the server's default. */
  private parse(input: string, country?: string | null): ParsedPhoneNumber {
    const named = country?.toUpperCase();
    return parsePhoneNumber(input, { defaultCountry: named ?? this.settings.defaultCountry });
  }

  /** Everything there is to say about an input, also when it is no number. */
  report(input: PhoneInput, policy: NumberSettings, isProduction: boolean): PhoneNumberReport {
    const parsed = this.parse(input.to, input.country);
    return reportOn(parsed, (number) => this.allowance(number, policy, isProduction));
  }

  /**
   * The number that is meant, whether or not it may be texted: for look-ups by number.
   * @param field where the caller wrote it
   * @throws DomainError `phone_invalid`, with `reason`, and `errors` naming `field` or `country`
   */
  canonical(input: PhoneInput, field = 'to'): PhoneNumber {
    const parsed = this.parse(input.to, input.country);
    if (!parsed.ok) throw phoneInvalid(parsed.reason, pathOf(parsed.reason, input.country, field));
    return parsed.number;
  }

  /**
   * The number to text.
   * @throws DomainError as `canonical`, and `country_not_allowed`, `number_type_not_allowed`
   */
  resolve(input: PhoneInput, policy: NumberSettings, isProduction: boolean): PhoneNumber {
    const number = this.canonical(input);
    const allowance = this.allowance(number, policy, isProduction);
    if (!allowance.allowed) {
      throw new DomainError(allowance.reason, { detail: refusalDetails[allowance.reason] });
    }
    return number;
  }

  /** What a number is a test number by; null: it is a number like any other. */
  testNumber(
    { e164 }: Pick<PhoneNumber, 'e164'>,
    settings: TestNumbers,
    isProduction: boolean,
  ): TestNumber | null {
    return testNumberOf(e164, settings, { isProduction, now: this.clock.now() });
  }

  testNumbersInForce(settings: TestNumbers, isProduction: boolean): number {
    return countInForce(settings, { isProduction, now: this.clock.now() });
  }

  /** A test number gets no message, so it may be of any country and type. */
  private allowance(number: PhoneNumber, settings: NumberSettings, isProduction: boolean): PhoneAllowance {
    if (this.testNumber(number, settings, isProduction)) return { allowed: true };
    return checkAllowed(number, settings, isProduction);
  }
}

function pathOf(reason: PhoneProblem, country: string | null | undefined, field: string): string {
  const wrongCountry = reason === 'unknown_country' && country != null && !isCountry(country.toUpperCase());
  return wrongCountry || (reason === 'country_required' && field === 'to') ? 'country' : field;
}

function phoneInvalid(reason: PhoneProblem, path: string): DomainError {
  return new DomainError('phone_invalid', {
    detail: `The phone number is not valid: ${reason}.`,
    reason,
    errors: [{ path, message: phoneProblemMessages[reason] }],
  });
}
