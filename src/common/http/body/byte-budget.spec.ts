import { EventEmitter } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ByteBudget } from './byte-budget';

function body(headers: Record<string, string>) {
  const raw = new EventEmitter();
  return {
    request: { headers } as unknown as FastifyRequest,
    reply: { raw } as unknown as FastifyReply,
    end: () => raw.emit('close'),
  };
}
const announced = (bytes: number) => body({ 'content-length': String(bytes) });
const takes = (budget: ByteBudget, { request, reply }: ReturnType<typeof body>) =>
  budget.take(request, reply);

describe('a budget of bytes', () => {
  it('is used up by what bodies announce, however many they are', () => {
    const budget = new ByteBudget(100, 50);
    expect([40, 40, 21, 20, 1].map((bytes) => takes(budget, announced(bytes)))).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
  });

  it('counts a body without a length, and one that is too long, as the longest', () => {
    const budget = new ByteBudget(100, 50);
    expect(takes(budget, body({ 'transfer-encoding': 'chunked' }))).toBe(true);
    expect(takes(budget, announced(1_000_000))).toBe(true);
    expect(takes(budget, announced(1))).toBe(false);
    expect(takes(budget, body({}))).toBe(true);
  });

  it('gets back what a call took when that has ended', () => {
    const budget = new ByteBudget(50, 50);
    const first = announced(50);
    expect(takes(budget, first)).toBe(true);
    expect(takes(budget, announced(50))).toBe(false);
    first.end();
    expect(takes(budget, announced(50))).toBe(true);
  });
});
