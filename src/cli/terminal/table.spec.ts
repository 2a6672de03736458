import { fields, table } from './table';

describe('tables', () => {
  it('align, without white space at the ends', () => {
    expect(
      table(
        ['ID', 'NAME'],
        [
          ['1', 'Zoë'],
          ['22', ''],
        ],
      ),
    ).toBe('ID  NAME\n1   Zoë\n22');
  });

  it('show names and values, leave out what does not apply, and write a dash for nothing', () => {
    expect(fields({ id: 1, name: null, left: undefined })).toBe('id    1\nname  –');
  });

  it('hold no character that moves the cursor or ends the line', () => {
    expect(table(['A'], [['x\ny\u001b[31m']])).toBe('A\nx�y�[31m');
  });
});
