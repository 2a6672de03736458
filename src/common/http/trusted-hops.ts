/**
 * Fastify's `trustProxy` for a number of hops: with N proxies in front, the client is the address that
 * stands N from the right in `X-Forwarded-For`, because each proxy appends the address it was called from;
 * everything further left was written by the caller. 0 ignores the header. Fastify's own numeric form
 * trusts nobody, since a count alone cannot tell who the peer is: this server must then not be reachable
 * past its proxies.
 */
export function trustedHops(hops: number): false | ((address: string, hop: number) => boolean) {
  return hops === 0 ? false : (_address, hop) => hop < hops;
}
