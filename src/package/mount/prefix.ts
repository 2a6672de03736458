/** Paths under which Sixdigit is mounted. */
import { basePathOf } from '../../common/http/base-path';

const PREFIX = /^(?:\/[A-Za-z0-9._~-]+)+$/;

/** @throws Error with the remedy */
export function checkPrefix(prefix: string): void {
  if (PREFIX.test(prefix)) return;
  throw new Error('SixdigitModule: prefix must be a path such as /otp: a slash first, none at the end.');
}

/** Where Sixdigit is reached: `PUBLIC_URL` may name the host's address or ours. */
export function publicUrlUnder(publicUrl: string, prefix: string): string {
  return basePathOf(publicUrl).endsWith(prefix) ? publicUrl : publicUrl + prefix;
}

/** `/otp/v1/x?y` → `/v1/x?y`. What is written in another way than the prefix is nothing that we have. */
export function withoutPrefix(url: string, prefix: string): string {
  if (!url.startsWith(prefix)) return url;
  const rest = url.slice(prefix.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}
