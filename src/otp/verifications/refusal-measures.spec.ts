import { aRecord, aSlot } from '../../../test/builders/slot-state.builder';
import { measuresOf } from './refusal-measures';

const now = new Date('2030-01-31T12:00:00.000Z');
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);
const until = new Date(now.getTime() + 60_000);
const slot = aSlot({ current: aRecord(), failures: 12, sends: [ago(700), ago(300), ago(20)] });

describe('the measures of a refusal', () => {
  it('of a lock are the wrong codes in a row', () => {
    const measures = { value: 12, limit: 10, until: until.toISOString() };
    expect(measuresOf({ kind: 'locked', until }, slot, now)).toEqual(measures);
    expect(measuresOf({ kind: 'locked', until: null }, slot, now)).toEqual({ ...measures, until: null });
  });

  it('of the limit of sends are the messages in the window', () => {
    const refusal = { kind: 'send_limit', until, verificationId: null } as const;
    expect(measuresOf(refusal, slot, now)).toEqual({ value: 2, limit: 5, until: until.toISOString() });
  });

  it('of a cool-down are seconds since the last message', () => {
    expect(measuresOf({ kind: 'too_soon', until }, slot, now)).toMatchObject({ value: 20, limit: 30 });
  });

  it('are none where nothing is measured, or where the slot is not the caller’s to know', () => {
    expect(measuresOf({ kind: 'not_found' }, slot, now)).toBeNull();
    expect(measuresOf({ kind: 'locked', until }, null, now)).toBeNull();
  });
});
