import { mongo } from 'mongoose';
import { classifyFailure } from './write-failure';

const serverError = (code: number): Error => new mongo.MongoServerError({ message: 'no', code });

describe('what a failed write says about what happened', () => {
  // Catches: a socket's own error taken for the server's no. The driver lets it through when a connection breaks
  // while a command is written to it; the campaign in test/faults found callers with a 500.
  it.each([
    ['a broken connection', new mongo.MongoNetworkError('closed')],
    ['a connection that broke while it was written to', socketError('ECONNRESET')],
    ['a closed pipe', socketError('EPIPE')],
    ['no connection to be had in time', Object.assign(new Error(), { name: 'MongoWaitQueueTimeoutError' })],
    ['a primary that stepped down', serverError(189)],
    ['an interruption, in a list of write errors', { code: 11602 }],
  ])('%s: nothing', (_, error) => {
    expect(classifyFailure(error)).toBe('indeterminate');
  });

  it('two upserts that met: again', () => {
    expect(classifyFailure({ code: 11000 })).toBe('collision');
  });

  it.each([
    ['a pipeline that is wrong', serverError(40324)],
    ['a value that BSON cannot hold', new mongo.BSON.BSONError('circular')],
    ['a value too large to send', Object.assign(new RangeError(), { code: 'ERR_OUT_OF_RANGE' })],
  ])('%s: it did not happen', (_, error) => {
    expect(classifyFailure(error)).toBe('refused');
  });
});

function socketError(code: string): Error {
  return Object.assign(new Error(`write ${code}`), { code, syscall: 'write' });
}
