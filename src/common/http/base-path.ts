/** The path under which the server is reached: `/otp` of `https://example.com/otp`, empty at the root. No slash at the end. */
export function basePathOf(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/+$/, '');
}
