import {
  BadRequestException,
  HttpException,
  NotFoundException,
  PayloadTooLargeException,
} from '@nestjs/common';
import mongoose, { mongo } from 'mongoose';
import { DomainError } from './errors';
import { isDatabaseUnavailable, toDomainError } from './foreign-error';

const serverError = (code: number): Error => new mongo.MongoServerError({ message: 'no', code });

const socketError = (code: string): Error => Object.assign(new Error(`write ${code}`), { code });
const bulkError = (reason: Error): Error =>
  new mongo.MongoBulkWriteError(reason, { insertedCount: 0 } as never);

describe('an error of the database', () => {
  it.each([
    ['a broken connection', new mongo.MongoNetworkError('connection 3 to 10.0.0.1:27017 closed')],
    ['no server found', new mongo.MongoServerSelectionError('none', {} as never)],
    ['no server found by mongoose', new mongoose.Error.MongooseServerSelectionError('none')],
    ['a closed client', new mongo.MongoTopologyClosedError('closed')],
    ['a connection that broke while it was written to', socketError('ECONNRESET')],
    ['a connection that was closed before', socketError('EPIPE')],
    ['an insertMany that was broken off', bulkError(new mongo.MongoNetworkError('closed'))],
    ['not the primary', serverError(10107)],
    ['interrupted at shutdown', serverError(11600)],
    ['out of time', serverError(50)],
    [
      'a write concern that failed',
      new mongo.MongoWriteConcernError({ writeConcernError: { code: 64, errmsg: 'x' }, ok: 1 }),
    ],
  ])('like %s means: not now', (_what, error) => {
    expect(isDatabaseUnavailable(error)).toBe(true);
    expect(toDomainError(error)).toMatchObject({ code: 'unavailable', details: { retryAfterSeconds: 1 } });
  });

  it.each([
    ['a repeated key', serverError(11000)],
    ['a pipeline that is wrong', serverError(40324)],
    ['an insertMany that met a repeated key', bulkError(serverError(11000))],
    ['a value too large to send', Object.assign(new RangeError('no'), { code: 'ERR_OUT_OF_RANGE' })],
    ['a wrong argument', new mongo.MongoInvalidArgumentError('no')],
    ['a name that only looks alike', Object.assign(new Error('no'), { name: 'MongoNetworkErrorish' })],
  ])('like %s is our fault', (_what, error) => {
    expect(isDatabaseUnavailable(error)).toBe(false);
    expect(toDomainError(error).code).toBe('internal');
  });
});

describe('an error of the framework', () => {
  it.each([
    [new NotFoundException('Cannot GET /secret'), 'not_found'],
    [new PayloadTooLargeException(), 'payload_too_large'],
    [new BadRequestException('"483920" is wrong'), 'invalid_request'],
    [new HttpException('teapot', 418), 'invalid_request'],
    [new HttpException('no', 502), 'internal'],
    [Object.assign(new Error('x'), { code: 'FST_ERR_BAD_URL', statusCode: 400 }), 'invalid_request'],
    [
      new HttpException('x', 400, {
        cause: Object.assign(new Error(), { code: 'FST_ERR_CTP_INVALID_CONTENT_LENGTH' }),
      }),
      'invalid_request',
    ],
    ['a text that was thrown', 'internal'],
    [undefined, 'internal'],
  ])('%s becomes %s and loses its words', (error, code) => {
    const domain = toDomainError(error);
    expect(domain.code).toBe(code);
    expect(JSON.stringify(domain.details)).not.toMatch(/483920|secret|teapot/);
  });

  it('of ours stays what it is', () => {
    const error = new DomainError('forbidden');
    expect(toDomainError(error)).toBe(error);
  });
});
