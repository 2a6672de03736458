/**
 * A country or an application. It takes part in everybody's traffic, so a message counts here only once its code could
 * have been typed: a minute after an advertisement on television thousands are on their way, and that is no attack.
 */
import { advance, newNode, type Node } from './node';
import { slotMs, slotsUntilDue } from './rules';

export interface WideNode extends Node {
  /** Messages by the slot of time in which they were sent, oldest first. */
  waiting: { readonly slot: number; count: number }[];
}

export const newWideNode = (at: number): WideNode => ({ ...newNode(at), waiting: [] });

export function advanceWide(node: WideNode, now: number): void {
  advance(node, now);
  const due = Math.floor(now / slotMs) - slotsUntilDue;
  while (node.waiting[0] && node.waiting[0].slot <= due) node.debt += node.waiting.shift()?.count ?? 0;
}

export function chargeWide(node: WideNode, weight: number): void {
  const slot = Math.floor(node.at / slotMs);
  const last = node.waiting.at(-1);
  if (last?.slot === slot) last.count += weight;
  else node.waiting.push({ slot, count: weight });
}

/** Pays what is due first, then what waits longest: people who are quick pay for those who never type. */
export function payWide(node: WideNode, credit: number): void {
  let left = credit - node.debt;
  node.debt = Math.max(0, -left);
  for (const slot of node.waiting) {
    if (left <= 0) return;
    const paid = Math.min(left, slot.count);
    slot.count -= paid;
    left -= paid;
  }
}
