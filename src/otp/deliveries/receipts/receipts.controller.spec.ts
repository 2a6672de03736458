import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Writable } from 'node:stream';
import { edgeSettings } from '../../../../test/support/edge-app';
import { ServerSettings } from '../../../../config/settings';
import { createApp } from '../../../app.setup';
import { Clock } from '../../../common/clock';
import { RawBodyAdmission } from '../../../common/http/body/raw-body';
import { createLogger } from '../../../common/logging/logger';
import type { ReceiptAnswer } from './receipts.service';
import { ReceiptsController } from './receipts.controller';
import { ReceiptsService } from './receipts.service';

let answer: ReceiptAnswer;

@Module({
  controllers: [ReceiptsController],
  providers: [
    { provide: ReceiptsService, useValue: { receive: () => Promise.resolve(answer) } },
    { provide: Clock, useValue: { now: () => 0 } },
    { provide: ServerSettings, useValue: edgeSettings },
  ],
})
class TestModule {}

/** Vendors go by the content type; so would a browser that is led to such an address. */
describe('what a call to a receipt address is answered', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const logger = createLogger('fatal', new Writable({ write: (_chunk, _encoding, done) => done() }));
    app = await createApp(TestModule, { settings: edgeSettings, logger });
    app.get(RawBodyAdmission).useCheck(() => undefined);
    await app.init();
  });
  afterAll(() => app.close());

  // Catches: words for the phone that no vendor reads, because they are said to be text.
  it.each(['GET', 'POST'] as const)('is XML where the gateway says so (%s)', async (method) => {
    answer = { body: '<Response/>', contentType: 'application/xml' };
    const { headers, body, statusCode } = await app.inject({ method, url: '/v1/receipts/plivo/secret' });
    expect([statusCode, body, headers['content-type']]).toEqual([
      200,
      '<Response/>',
      'application/xml; charset=utf-8',
    ]);
  });

  // Catches: a challenge that the caller chose, shown as a page.
  it('is plain text otherwise, and nothing that a browser would guess', async () => {
    answer = { body: '<script>1</script>', contentType: 'text/plain' };
    const { headers } = await app.inject({ method: 'GET', url: '/v1/receipts/meta/secret' });
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
  });
});
