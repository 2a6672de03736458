/**
 * Devices on which a code of this recipient was right. Whoever hammers the form of an application makes the delays of
 * a recipient grow; their owner, on a device that is known here, is not held up by them.
 */
import type { Slot } from '../slot';

/** A person's phone, laptop, and what they had before. */
const MAX_DEVICES = 5;

/** @param device as {@link Slot.devices} has it; absent: the caller did not say */
export function isKnown({ devices = [] }: Pick<Slot, 'devices'>, device: string | undefined): boolean {
  return device !== undefined && devices.includes(device);
}

/** The devices once a code was right on this one: the last five, the newest at the end. */
export function withDevice(devices: Slot['devices'] = [], device: string): readonly string[] {
  if (devices.at(-1) === device) return devices;
  return [...devices.filter((one) => one !== device), device].slice(-MAX_DEVICES);
}
