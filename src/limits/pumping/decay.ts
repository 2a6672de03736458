/** What is left of an amount after some time. Time that runs backwards leaves all of it. */
export function decayed(amount: number, passedMs: number, halfLifeMs: number): number {
  return passedMs <= 0 || amount === 0 ? amount : amount * 2 ** (-passedMs / halfLifeMs);
}
