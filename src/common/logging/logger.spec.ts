import { Writable } from 'node:stream';
import { createLogger } from './logger';
import { NestLogger } from './nest-logger';
import { scrub } from './log-safe-error';

function setup(level = 'trace'): { logger: NestLogger; lines: () => string[] } {
  let written = '';
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      written += chunk.toString();
      done();
    },
  });
  return {
    logger: new NestLogger(createLogger(level, destination)),
    lines: () => written.trimEnd().split('\n'),
  };
}

describe('a log line', () => {
  it('stays one line without terminal sequences, whatever a field holds (fails without the escaping of C1 and U+2028)', () => {
    const { logger, lines } = setup();
    const hostile = 'a\r\nb\u001b[31m\u009b2J\u0085\u2028\u2029\u007f"}\n{"level":"fatal"}';
    logger.warn('hello', { field: hostile, nested: { list: [hostile] } }, hostile);
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(lines()[0]!)).toMatchObject({ level: 'warn', field: hostile });
  });

  it('does not repeat a failed start, which the terminal shows in words', () => {
    const { logger, lines } = setup('info');
    logger.error(new Error('SECRETS_FILE: the file does not exist'), 'ExceptionHandler');
    logger.error('shown', 'Job');
    expect(lines()).toHaveLength(1);
  });

  it('hides what has the name of a secret, at any depth', () => {
    const { logger, lines } = setup();
    logger.log('hello', {
      Authorization: 'Bearer x1',
      sent: { to: '+447700900123', list: [{ otp: '483920' }] },
      count: 3,
    });
    expect(JSON.parse(lines()[0]!)).toMatchObject({
      Authorization: '[hidden]',
      sent: { to: '[hidden]', list: [{ otp: '[hidden]' }] },
      count: 3,
    });
  });

  it('of an error has its name, code and frames, and a cleaned message, causes included', () => {
    const { logger, lines } = setup();
    const cause = Object.assign(new Error('E11000 duplicate key error dup key: { to: "+447700900123" }'), {
      code: 11000,
    });
    logger.error(new TypeError('cannot read 483920 of mongodb://app:pa55@db/x', { cause }), 'Somewhere');
    const { error, context } = JSON.parse(lines()[0]!) as { error: Record<string, unknown>; context: string };
    expect(context).toBe('Somewhere');
    expect(error).toMatchObject({
      name: 'TypeError',
      message: 'cannot read … of mongodb://…@db/x',
      cause: { code: 11000 },
    });
    expect((error['stack'] as string[])[0]).toContain('logger.spec');
    expect(lines()[0]).not.toMatch(/483920|447700900123|pa55/);
  });
});

describe('a foreign message', () => {
  it.each([
    ['Unexpected token a, "{"to":"+447700900123"" is not valid JSON', /447700900123/],
    ["invalid value 'hunter2' for key", /hunter2/],
    ['number +44 7700 900-123 refused', /900/],
    ['token sk_live_abcdefghijklmnopqrstuv refused', /abcdef/],
    ['connect to https://user:pass@gateway.example/send failed', /pass@/],
  ])('%s loses what could be a secret', (message, secret) => {
    expect(scrub(message)).not.toMatch(secret);
  });

  it('keeps the words that explain', () => {
    expect(scrub('connect ECONNREFUSED 127.0.0.1')).toContain('connect ECONNREFUSED');
  });
});
