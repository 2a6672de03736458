import { Inject, Injectable } from '@nestjs/common';
import { ServerSettings } from '../../../config/settings';
import { directionOf, wordsOf as builtIn } from '../../../web/verify/languages';
import { renderPage } from '../../../web/verify/page';
import type { Application } from '../../applications/application';
import { brandOf, wordsOf } from '../../brand/brand';
import { randomBytes } from '../../common/random-bytes';
import { AssetsService } from '../assets/assets.service';
import { pageLocale } from '../view/locale-choice';
import type { PagePreview } from './preview.dto';
import { sampleView } from './sample-view';

const NONCE_BYTES = 16;

export interface PreviewedPage {
  readonly html: string;
  readonly policy: string;
}

/** Pages as people would see them, without a process behind them. */
@Injectable()
export class PreviewService {
  constructor(
    private readonly assets: AssetsService,
    @Inject(ServerSettings) private readonly server: Pick<ServerSettings, 'publicUrl'>,
  ) {}

  preview(saved: Application, input: PagePreview): PreviewedPage {
    const locale = pageLocale(input.locale ?? saved.settings.locale) ?? 'en';
    const application = onTrial(saved, input, locale);
    const { origin } = new URL(this.server.publicUrl);
    const shown = {
      brand: brandOf(application, this.server.publicUrl),
      locale,
      direction: directionOf(locale),
    };
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    const html = renderPage(sampleView(input, shown), {
      words: wordsOf(application, locale, builtIn(locale)),
      // In full, so that the page may be shown from anywhere. It has no script: nobody is behind it.
      assets: { script: '', worker: '', style: this.server.publicUrl + this.assets.ofPage.style },
      nonce,
      base: null,
      languages: [],
    });
    return { html, policy: policyFor(origin, nonce) };
  }
}

/** The application as if it had been saved with what is on trial. */
function onTrial(
  application: Application,
  { brand, contact, theme, texts }: PagePreview,
  locale: string,
): Application {
  const { settings } = application;
  const { hosted } = settings;
  return {
    ...application,
    settings: {
      ...settings,
      ...(brand !== undefined && { brand }),
      ...(contact !== undefined && { contact }),
      hosted: {
        ...hosted,
        theme: { ...hosted?.theme, ...theme },
        texts: { ...hosted?.texts, [locale]: { ...hosted?.texts?.[locale as 'en'], ...texts } },
      },
    },
  };
}

/** To be looked at: it runs nothing, sends nothing and leads nowhere. */
function policyFor(origin: string, nonce: string): string {
  return `sandbox; default-src 'none'; style-src ${origin} 'nonce-${nonce}'; img-src ${origin} data:`;
}
