import { UsageError } from '../cli-error';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The address to call, without a slash at the end. A key travels with each call, so it goes over TLS, or stays on this
 * machine, or somebody has said that he knows (`--insecure`).
 */
export function checkedAddress(text: string, insecure: boolean): string {
  if (!URL.canParse(text))
    throw new UsageError(`--url "${text}" is no address; one looks like https://verify.example.com`);
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new UsageError('--url must begin with https:// or http://');
  if ([url.username, url.password, url.search, url.hash].some((part) => part !== ''))
    throw new UsageError('--url takes no user name, password, query or fragment');
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname) && !insecure)
    throw new UsageError(
      `${url.origin} is not encrypted and not on this machine: the key could be read on the way. Use https, ` +
        'or --insecure on a network that you trust.',
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
