/**
 * R11. Only as many characters are compared as were given, so one digit is enough. Seen in otpauth (GHSA-rmmc-8cqj-hfp3):
 * one in ten guesses was right.
 *
 * Catches: comparing a prefix of code or MAC; a reading of the code that cuts or pads to its length.
 */
import type { mongo } from 'mongoose';
import type { Slot } from '../../src/otp/slots/slot';
import { asAnotherWriter, type Tenant } from '../support/engine';
import { useSharedEngine } from '../support/shared-engine';

const engine = useSharedEngine();
let one: Tenant;
beforeAll(async () => {
  one = await engine.tenant({ policy: { cooldownSeconds: 0, sends: { max: 100 }, maxChecks: 10 } });
});

const slots = (): mongo.Collection<Slot> => engine.db.collection<Slot>('slots');

it('a piece of the code, more than the code, or signs that only look like its digits are refused', async () => {
  const { id, code } = await one.start();
  const pieces = [1, 2, 3, 4, 5].flatMap((n) => [code.slice(0, n), code.slice(-n)]);
  const longer = [
    `${code}0`,
    `0${code}`,
    `${code}${code}`,
    `${code}A`,
    `+${code}`,
    `${code}.0`,
    `${code}e0`,
    `0x${code}`,
  ];
  const superscript = code.replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit)));
  for (const guess of [...pieces, ...longer, superscript]) {
    const answer = await one.check(id, guess);
    expect([guess, answer.body['valid'] === true]).toEqual([guess, false]);
    expect([guess, [200, 400].includes(answer.status)]).toEqual([guess, true]);
    await slots().updateOne(
      { ids: id },
      { $set: { 'current.checksUsed': 0, failures: 0 }, $unset: { lockedUntil: '' }, ...asAnotherWriter },
    );
  }
  expect((await one.check(id, superscript)).status).toBe(400);
  expect((await one.check(id, ` ${code.slice(0, 3)}-${code.slice(3)} `)).body['valid']).toBe(true);
});
