import type { Challenge } from '../contract';

/** What Turnstile and hCaptcha have in common. */
interface Vendor {
  render(place: Element, options: Record<string, unknown>): unknown;
}

const vendors: Readonly<Record<string, { readonly script: string; readonly name: string }>> = {
  turnstile: {
    script: 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit',
    name: 'turnstile',
  },
  hcaptcha: {
    script: 'https://js.hcaptcha.com/1/api.js?render=explicit&recaptchacompat=off',
    name: 'hcaptcha',
  },
};

export const isWidget = ({ check }: Challenge) => check in vendors;

const loaded = new Map<string, Promise<Vendor>>();

/** Loaded from the vendor, and only where an application uses it: nobody else hears of the person. */
function load(check: string): Promise<Vendor> {
  const { script, name } = vendors[check] ?? { script: '', name: '' };
  const before = loaded.get(check);
  if (before !== undefined) return before;
  const loading = new Promise<Vendor>((resolve, reject) => {
    const element = document.createElement('script');
    element.src = script;
    element.async = true;
    element.onload = () => resolve((globalThis as unknown as Record<string, Vendor>)[name] as Vendor);
    element.onerror = () => reject(new Error(name));
    document.head.append(element);
  });
  loaded.set(check, loading);
  loading.catch(() => loaded.delete(check));
  return loading;
}

/** Shows the widget and gives its answer. */
export async function askVendor(challenge: Challenge, place: Element, locale: string): Promise<string> {
  const vendor = await load(challenge.check);
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(challenge.check));
    vendor.render(place, {
      sitekey: challenge['siteKey'],
      action: challenge['action'],
      language: locale,
      hl: locale,
      callback: resolve,
      'error-callback': fail,
    });
  });
}
