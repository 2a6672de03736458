/** Where a person goes back to. */

/** The name under which the page hands the proof over. */
const RESULT_PARAMETER = 'result';

/** @param returnUrl checked when the process was begun */
export function withResult(returnUrl: string, resultToken: string): string {
  const url = new URL(returnUrl);
  url.searchParams.set(RESULT_PARAMETER, resultToken);
  return url.href;
}
