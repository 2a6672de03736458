import { Inject, Injectable } from '@nestjs/common';
import type { View } from '../../../web/verify/contract';
import { isLocale, locales, wordsOf as wordsIn } from '../../../web/verify/languages';
import { renderPage } from '../../../web/verify/page';
import { ServerSettings } from '../../../config/settings';
import type { Application } from '../../applications/application';
import { wordsOf } from '../../brand/brand';
import { basePathOf } from '../../common/http/base-path';
import { randomBytes } from '../../common/random-bytes';
import { AssetsService } from '../assets/assets.service';
import type { Visit } from '../person/visit';
import { pageBase, pagePath } from './page-address';
import { pagePolicy, type PolicyParts } from './page-policy';

export interface RenderedPage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

const NONCE_BYTES = 16;

/** Views as documents, with what browsers have to be told about them. */
@Injectable()
export class PagesService {
  constructor(
    private readonly assets: AssetsService,
    @Inject(ServerSettings) private readonly server: ServerSettings,
  ) {}

  /** Where the pages of an application live: `https://host`. */
  base({ settings }: Pick<Application, 'settings'>): string {
    return pageBase(this.server.publicUrl, settings.hosted?.url);
  }

  /** Under which origins its pages may be seen, and act. */
  ownUrls({ settings }: Pick<Application, 'settings'>): string[] {
    return [this.server.publicUrl, ...(settings.hosted?.url === undefined ? [] : [settings.hosted.url])];
  }

  /** Of the page that this token leads to. */
  path(application: Pick<Application, 'settings'>, token: string): string {
    return pagePath(this.base(application), token);
  }

  /** @param token that the page is reached by */
  render(view: View, { application, known }: Visit, token: string): RenderedPage {
    const { settings } = application;
    const words = wordsOf(application, view.locale, builtIn(view.locale));
    const { returnUrl, cancelUrl } = known.process;
    const formTargets = [returnUrl, cancelUrl].flatMap((url) => (url === null ? [] : [new URL(url).origin]));
    return this.document(
      view,
      { words, base: this.path(application, token), root: basePathOf(this.base(application)) },
      {
        formTargets: [...new Set(formTargets)],
        checks: (settings.riskChecks ?? []).map(({ check }) => check),
        frameOrigins: settings.hosted?.frameOrigins ?? [],
      },
    );
  }

  /** For a link that leads nowhere. */
  renderNowhere(view: View): RenderedPage {
    const nothing = { formTargets: [], checks: [], frameOrigins: [] };
    const root = basePathOf(this.server.publicUrl);
    return this.document(view, { words: builtIn(view.locale), base: null, root }, nothing);
  }

  private document(
    view: View,
    {
      words,
      base,
      root,
    }: Pick<Parameters<typeof renderPage>[1], 'words' | 'base'> & { readonly root: string },
    policy: Omit<PolicyParts, 'nonce'>,
  ): RenderedPage {
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    const { script, style, worker } = this.assets.ofPage;
    const below = (path: string): string => (path === '' ? '' : root + path);
    const html = renderPage(view, {
      words,
      assets: { script: below(script), style: below(style), worker: below(worker) },
      nonce,
      base,
      languages: locales,
    });
    return { html, headers: headersOf({ ...policy, nonce }) };
  }
}

const builtIn = (locale: string) => wordsIn(isLocale(locale) ? locale : 'en');

/**
 * Of all referrer policies this one: under `no-referrer`, browsers say `Origin: null` when a form is sent, and the page
 * could not tell its own forms from others'. To no other site does it tell anything.
 */
function headersOf(policy: PolicyParts): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': pagePolicy(policy),
    'referrer-policy': 'same-origin',
    'x-robots-tag': 'noindex',
    ...(policy.frameOrigins.length === 0 && { 'x-frame-options': 'DENY' }),
  };
}
