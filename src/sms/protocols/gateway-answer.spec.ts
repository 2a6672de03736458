import type { HttpResponse } from '../../common/outbound/http-client';
import { callGateway } from './gateway-answer';
import type { SmsOutcome } from '../gateway';

describe('the answer of a gateway', () => {
  const called = (outcome: SmsOutcome, headers: HttpResponse['headers']) =>
    callGateway(
      { request: () => Promise.resolve({ status: 429, headers, body: '' }) },
      { method: 'POST', url: 'https://gateway.example', signal: AbortSignal.timeout(1_000) },
      () => outcome,
    );
  const tooFast: SmsOutcome = { outcome: 'rejected', reason: 'rate-limited', vendorCode: '429' };

  it('carries what Retry-After says, in milliseconds', async () => {
    expect(await called(tooFast, { 'retry-after': '7' })).toEqual({ ...tooFast, retryAfterMs: 7_000 });
  });

  it('keeps what the gateway file read from the body instead', async () => {
    const told: SmsOutcome = { ...tooFast, retryAfterMs: 50 };
    expect(await called(told, { 'retry-after': '7' })).toEqual(told);
  });

  it.each([undefined, '', '-1', '1.5', 'soon', '100000', 'Wed, 21 Oct 2026 07:28:00 GMT'])(
    'passes over a Retry-After of %p',
    async (value) => expect(await called(tooFast, { 'retry-after': value })).toEqual(tooFast),
  );

  it('does not slow a gateway down that refused for another reason', async () => {
    const refused: SmsOutcome = { outcome: 'rejected', reason: 'unavailable', vendorCode: '404' };
    expect(await called(refused, { 'retry-after': '7' })).toEqual(refused);
  });
});
