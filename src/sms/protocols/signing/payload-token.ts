import { createHash } from 'node:crypto';
import { REPLAY_WINDOW_MS } from '../../receipt';
import type { ReceiptRequest } from '../../receipt';
import { idText } from '../gateway-answer';
import { sharedSecretClaims } from './json-web-token';
import { isRecent, sameSecret } from './signature';

/**
 * Whether the request carries a token that was signed with this secret a moment ago, for this body (`payload_hash`).
 * @param apiKey when given, the token must name it
 */
export async function carriesPayloadToken(
  { headers, body, now }: ReceiptRequest,
  secret: string,
  apiKey: string | undefined,
): Promise<boolean> {
  const token = /^Bearer (\S+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? '';
  const claims = await sharedSecretClaims(token, secret, now, REPLAY_WINDOW_MS);
  if (!claims || !isRecent(Number(claims.iat) * 1_000, now, REPLAY_WINDOW_MS)) return false;
  const digest = createHash('sha256').update(body).digest('hex');
  if (!sameSecret(idText(claims['payload_hash']), digest)) return false;
  return apiKey === undefined || sameSecret(idText(claims['api_key']), apiKey);
}
