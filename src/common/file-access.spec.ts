import { exposure } from './file-access';

const me = 1_000;
const at = (uid: number, mode: number) => exposure({ uid, mode: 0o100_000 | mode }, me);

describe('a file with secrets', () => {
  it.each([
    ['of ours, for us alone', me, 0o600],
    ['of ours, to be read only', me, 0o400],
    ['of root, for us as its group', 0, 0o640],
    ['of root, mounted to be read only', 0, 0o440],
    ['of another account, for its group', 2_000, 0o440],
  ])('is fine: %s', (_, uid, mode) => {
    expect(at(uid, mode)).toBeNull();
  });

  it.each([
    ['of ours, as editors make them', me, 0o644, 'mode 0644); try: chmod 600'],
    ['of ours, for a group', me, 0o640, 'mode 0640); try: chmod 600'],
    ['of ours, to be written by others', me, 0o602, 'mode 0602)'],
    ['of root, for everybody', 0, 0o644, 'mode 0644); try: chmod 640'],
    ['of root, to be read by everybody', 0, 0o444, 'mode 0444)'],
    ['of root, to be written by its group', 0, 0o660, 'mode 0660)'],
  ])('is exposed: %s', (_, uid, mode, words) => {
    expect(at(uid, mode)).toContain(words);
  });

  it('may be read by the group of root where we are root', () => {
    expect(exposure({ uid: 0, mode: 0o440 }, 0)).toBeNull();
    expect(exposure({ uid: 0, mode: 0o644 }, 0)).not.toBeNull();
  });

  it('is not judged where modes mean nothing', () => {
    expect(exposure({ uid: 0, mode: 0o666 }, undefined)).toBeNull();
  });
});
