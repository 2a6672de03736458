/** What the throttle reads of a request. */
export interface ThrottledRequest {
  readonly ip: string;
  readonly headers: { readonly authorization?: string };
  /** Whose allowance this call uses, set for callers with a key that is known to be good; the IP's otherwise. */
  throttleBucket?: string;
}
