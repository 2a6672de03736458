import { give } from './sink-delivery';

const never = new AbortController().signal;

describe('a call to a sink', () => {
  // Catches: a sink that never answers and holds its lease, its job and the end of the process.
  it('ends in time, whatever the sink does', async () => {
    let aborted = false;
    const take = (_: unknown, signal: AbortSignal) => {
      signal.addEventListener('abort', () => (aborted = true));
      return new Promise<void>(() => undefined);
    };
    await expect(give({ take }, [], never, 20)).rejects.toMatchObject({ code: 'timeout' });
    expect(aborted).toBe(true);
  });

  it('has failed when it ends at the signal, also without a word', async () => {
    const take = (_: unknown, signal: AbortSignal) =>
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    await expect(give({ take }, [], never, 20)).rejects.toMatchObject({ code: 'timeout' });
  });

  it('ends when the process goes down, and does not begin any more', async () => {
    const stopping = new AbortController();
    const given = give({ take: () => new Promise(() => undefined) }, [], stopping.signal);
    stopping.abort();
    await expect(given).rejects.toMatchObject({ code: 'stopped' });
    const take = jest.fn();
    await expect(give({ take }, [], stopping.signal)).rejects.toMatchObject({ code: 'stopped' });
    expect(take).not.toHaveBeenCalled();
  });

  it('is done when the sink says so', async () => {
    await expect(give({ take: () => Promise.resolve() }, [], never)).resolves.toBeUndefined();
  });
});
