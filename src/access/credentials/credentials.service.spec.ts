import { Logger } from '@nestjs/common';
import { credentialOf, type Credential } from './credential';
import type { CredentialSource } from './credential-source';
import { CredentialsService } from './credentials.service';

function credential(digest: string, id = `key-${digest}`): Credential {
  const rights = { scopes: [], expiresAt: null, allowedIps: [] };
  return credentialOf({ id, applicationId: 'app', digest, ...rights }, () => false);
}

/** Keys in force by digest; `isDown` makes every read fail, `hold` makes the next one wait. */
class FakeCredentialSource implements CredentialSource {
  readonly inForce = new Map<string, Credential>();
  isDown = false;
  reads: string[] = [];
  private gate: Promise<void> = Promise.resolve();

  hold(): () => void {
    let release: (() => void) | undefined;
    this.gate = new Promise((resolve) => (release = resolve));
    return () => release?.();
  }

  byDigests(digests: readonly string[]): Promise<Map<string, Credential>> {
    return this.read('digests', ({ key }) => digests.includes(key.digest));
  }

  byKeyIds(ids: readonly string[]): Promise<Map<string, Credential>> {
    return this.read('ids', ({ key }) => ids.includes(key.id));
  }

  private async read(by: string, isWanted: (one: Credential) => boolean): Promise<Map<string, Credential>> {
    this.reads.push(by);
    if (this.isDown) throw new Error('down');
    const seen = [...this.inForce.values()].filter(isWanted);
    await this.gate;
    return new Map(seen.map((one) => [one.key.digest, one]));
  }
}

function setup() {
  const source = new FakeCredentialSource();
  let now = 0;
  const clock = { now: () => now, monotonic: () => now };
  const service = new CredentialsService(source, clock);
  service.onApplicationBootstrap();
  const pass = async (ms: number) => {
    for (const end = now + ms; now < end;) {
      now += 100;
      await jest.advanceTimersByTimeAsync(100);
    }
  };
  source.inForce.set('good', credential('good'));
  return { source, service, pass };
}

describe('CredentialsService', () => {
  beforeEach(() => {
    jest.useFakeTimers();
    Logger.overrideLogger(false);
  });
  afterEach(() => {
    jest.useRealTimers();
    Logger.overrideLogger(['error', 'warn', 'log']);
  });

  it('reads a key once and then knows it without I/O', async () => {
    const { source, service } = setup();
    expect(service.peek('good')).toBeNull();
    for (let i = 0; i < 100; i += 1) expect(await service.resolve('good')).not.toBeNull();
    expect(service.peek('good')).not.toBeNull();
    expect(source.reads).toEqual(['digests']);
  });

  // Catches: REFRESH_EVERY_MS longer than the promise, or readAgain() keeping what it does not find.
  it('stops letting a revoked key in within 5 s', async () => {
    const { source, service, pass } = setup();
    await service.resolve('good');
    source.inForce.clear();
    await pass(5_000);
    expect(service.peek('good')).toBeNull();
    await expect(service.resolve('good')).resolves.toBeNull();
  });

  // Catches: comparing by id instead of by digest in readAgain().
  it('stops letting the old value of a replaced key in, and lets the new one in', async () => {
    const { source, service, pass } = setup();
    await service.resolve('good');
    source.inForce.clear();
    source.inForce.set('new', credential('new', 'key-good'));
    await pass(5_000);
    const both = Promise.all([service.resolve('good'), service.resolve('new')]);
    await pass(100);
    const [old, replacement] = await both;
    expect(old).toBeNull();
    expect(replacement).not.toBeNull();
  });

  // Catches: isFresh() always true.
  it('trusts nothing that could not be read again for 5 s, and recovers by itself', async () => {
    const { source, service, pass } = setup();
    await service.resolve('good');
    source.isDown = true;
    await pass(2_000);
    await expect(service.resolve('good')).resolves.not.toBeNull();
    await pass(3_000);
    await expect(service.resolve('good')).rejects.toMatchObject({ code: 'unavailable' });
    source.isDown = false;
    await expect(service.resolve('good')).resolves.not.toBeNull();
  });

  it('answers within 3 s when the database hangs', async () => {
    const { source, service, pass } = setup();
    await service.resolve('good');
    const release = source.hold();
    await pass(6_000);
    const call = service.resolve('good').then(
      () => 'in',
      (error: unknown) => (error as { code: string }).code,
    );
    await pass(3_000);
    await expect(call).resolves.toBe('unavailable');
    release();
  });

  // Catches: dropping idle entries without touching the one that is asked for.
  it('lets a key in that was not used for long, however long the process slept', async () => {
    const { service, pass } = setup();
    await service.resolve('good');
    service.onModuleDestroy();
    await pass(120_000);
    await expect(service.resolve('good')).resolves.not.toBeNull();
  });

  it('stops reading keys that nobody uses', async () => {
    const { source, service, pass } = setup();
    await service.resolve('good');
    await pass(62_000);
    source.reads = [];
    await pass(10_000);
    expect(source.reads).toEqual([]);
    expect(service.peek('good')).toBeNull();
  });

  it('sees its own changes at once, also when an older read comes back later', async () => {
    const { source, service, pass } = setup();
    await service.resolve('good');
    const release = source.hold();
    await pass(1_600);
    service.keyEnded('key-good');
    release();
    await pass(100);
    expect(service.peek('good')).toBeNull();
  });
});
