/** Questions about the account (balance, prices), which have no outcome: they are answered or they fail. */
import type { HttpClient, HttpRequest } from '../../common/outbound/http-client';
import { parseMoney, type Money } from '../../common/money';
import { jsonObject } from '../../common/json-object';

/**
 * The JSON object that came with a 2xx. Rejects otherwise, with an error that holds not a word of the vendor's: it
 * may be logged.
 */
export async function askGateway(
  http: HttpClient,
  request: HttpRequest,
): Promise<Readonly<Record<string, unknown>>> {
  const { status, body } = await http.request(request);
  const answer = status >= 200 && status < 300 ? jsonObject(body) : null;
  if (!answer) throw new Error(`the gateway answered ${status}, or not as documented`);
  return answer;
}

/** What is left on the account, as the vendor wrote it. Throws when it is not an amount in a currency. */
export function balanceOf(amount: unknown, currency: unknown): Money {
  const money = parseMoney(amount, currency);
  if (!money) throw new Error('the gateway did not tell its balance');
  return money;
}
