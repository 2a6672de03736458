import type { Route, RoutedGateway } from '../../../config/settings';
import type { Random } from '../../common/random';

/**
 * The gateways of a route in the order in which one message tries them: by priority; within one the first is
 * drawn by weight, and so is each that follows it, among those left.
 */
export function drawOrder(tiers: Route['tiers'], random: Random): string[] {
  return tiers.flatMap((tier) => drawTier(tier, random));
}

/** The same without chance: within a priority the heaviest first. */
export function usualOrder(tiers: Route['tiers']): string[] {
  return tiers.flatMap((tier) => [...tier].sort((a, b) => b.weight - a.weight).map(({ name }) => name));
}

function drawTier(tier: readonly RoutedGateway[], random: Random): string[] {
  const left = [...tier];
  const drawn: string[] = [];
  while (left.length > 1) drawn.push(...left.splice(drawIndex(left, random), 1).map(({ name }) => name));
  return [...drawn, ...left.map(({ name }) => name)];
}

function drawIndex(gateways: readonly RoutedGateway[], random: Random): number {
  const total = gateways.reduce((sum, { weight }) => sum + weight, 0);
  let ticket = random.int(total);
  return gateways.findIndex(({ weight }) => (ticket -= weight) < 0);
}
