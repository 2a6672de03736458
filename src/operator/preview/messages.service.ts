import { Inject, Injectable } from '@nestjs/common';
import type { Application, ApplicationSettings } from '../../applications/application';
import type { Template } from '../../sms/texts/templates/template';
import type { Channel } from '../../common/channel';
import { DomainError } from '../../common/errors';
import { times } from '../../common/money';
import { toMoneyAnswer } from '../../common/money.dto';
import { invalidField } from '../../common/validation';
import { PriceLookup } from '../../sms/price-lookup';
import { ownRoutes } from '../../sms/settings/own-routes';
import { type SenderQuery, SmsService } from '../../sms/sms.service';
import { renderMessage, type RenderedMessage } from '../../sms/texts/message';
import { requireShowable } from '../../sms/texts/shown-values';
import { fitIssues } from '../../sms/texts/templates/template-fit';
import { templateText } from '../../sms/texts/templates/template-text';
import { smsSize } from '../../sms/protocols/gsm7';
import type { PreviewAnswer, PreviewInput } from './messages.dto';
import { previewMessage, previewSettings } from './preview';

/** Messages as people would see them, without sending any. */
@Injectable()
export class MessagesService {
  constructor(
    @Inject(SmsService) private readonly sms: Pick<SmsService, 'candidates' | 'senderFor' | 'texts'>,
    @Inject(PriceLookup) private readonly prices: Pick<PriceLookup, 'priceOf'>,
  ) {}

  /** @throws DomainError `invalid_request` for a template that could not be saved like this, or is for something else */
  preview(application: Application, input: PreviewInput): PreviewAnswer {
    const settings = previewSettings(application.settings, input);
    const message = previewMessage(settings, input);
    requireShowable(message, settings);
    if (input.template) refuseUnfit(input.template, settings);
    const rendered = renderMessage(settings, message, this.sms.texts);
    if (input.template) refuseUnused(rendered, input.template, message.secondsLeft);
    const { channel, code, purpose } = message;
    const to = { channel, senders: { settings: settings.senders ?? [], purpose } };
    const size = sizeOf(rendered.text, channel);
    const countries = input.countries ?? (input.country === undefined ? [] : [input.country]);
    return {
      ...rendered,
      channel,
      ...size,
      code,
      estimates: countries.map((country) => this.estimate({ ...to, country }, settings, size.parts)),
    };
  }

  private estimate(
    to: SenderQuery & { readonly country: string },
    settings: ApplicationSettings,
    parts: number,
  ): PreviewAnswer['estimates'][number] {
    const { channel, country } = to;
    const [gateway = null] = this.sms.candidates(channel, country, ownRoutes(channel, settings));
    const price = gateway === null ? null : this.prices.priceOf(gateway, country, channel);
    const sender = gateway === null ? null : this.sms.senderFor(gateway, to);
    return { country, gateway, sender, price: price && toMoneyAnswer(times(price, parts)) };
  }
}

function sizeOf(
  text: string,
  channel: Channel,
): Pick<PreviewAnswer, 'encoding' | 'characters' | 'units' | 'parts'> {
  const characters = Array.from(text).length;
  if (channel !== 'sms') return { encoding: null, characters, units: null, parts: 1 };
  const { encoding, units, segments } = smsSize(text);
  return { encoding, characters, units, parts: segments };
}

/** The same that saving it would say. */
function refuseUnfit(template: Template, settings: ApplicationSettings): void {
  const errors = fitIssues(template, settings).map(({ field, message }) => ({
    path: `template.${field}`,
    message,
  }));
  if (errors.length > 0) {
    throw new DomainError('invalid_request', { detail: 'See errors for what to change.', errors });
  }
}

const MINUTES_REMEDY =
  'It shows whole minutes, and less than one is left. Write {minutes, plural, =0 {{seconds} seconds} other {# minutes}}.';

/** A text other than the one that is tried would only mislead. */
function refuseUnused({ source, locale }: RenderedMessage, template: Template, secondsLeft: number): void {
  if (source === 'template') return;
  if (templateText(template, locale)?.canSay(secondsLeft) === false) {
    throw invalidField('template', MINUTES_REMEDY);
  }
  const remedy =
    'leave its purpose, channel, locale, transaction or digest out of the call, or out of the template';
  throw invalidField('template', `It is for other messages than this one: ${remedy}.`);
}
