import { connectionLimit, descriptorsIn, HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from './limits';

const procLimits = (soft: string): string =>
  `Limit                     Soft Limit           Hard Limit           Units     \n` +
  `Max processes             unlimited            unlimited            processes \n` +
  `Max open files            ${soft.padEnd(20)} 1048576              files     \n`;

describe('the descriptors of a process', () => {
  it.each([
    [procLimits('1024'), 1024],
    [procLimits('524288'), 524_288],
    [procLimits('unlimited'), Infinity],
    ['something else', 1024],
    [null, 1024],
  ])('are read from what the system says (%#)', (text, descriptors) => {
    expect(descriptorsIn(text)).toBe(descriptors);
  });
});

describe('the bound on connections', () => {
  it.each([
    [4096, 524_288, 4096],
    [4096, Infinity, 4096],
    [4096, 1024, 512],
    [100, 1024, 100],
    [4096, 1, 1],
  ])('of %i wanted with %d descriptors is %i: half of them at most', (wanted, descriptors, limit) => {
    expect(connectionLimit(wanted, descriptors)).toBe(limit);
  });
});

describe('the limits of time', () => {
  // Node swaps them otherwise.
  it('leave more time for a request than for its headers', () => {
    expect(REQUEST_TIMEOUT_MS).toBeGreaterThan(HEADERS_TIMEOUT_MS);
  });
});
