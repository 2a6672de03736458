import type { PagePosition } from '../page-cursor';

/** The filter for what comes after a place in a list sorted by `{createdAt: -1, _id: -1}`. */
export function olderThan(after: PagePosition | null) {
  if (!after) return {};
  const { createdAt, id } = after;
  return { $or: [{ createdAt: { $lt: createdAt } }, { createdAt, _id: { $lt: id } }] };
}
