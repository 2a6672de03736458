import { type AuditEvent, csvRow, eventLine, lastWhole } from './audit-words';

const event: AuditEvent = {
  id: 'v.000001',
  at: '2026-01-01T00:00:00.000Z',
  type: 'created',
  verificationId: 'v',
  seq: 1,
  actor: 'key:k',
  purpose: 'default',
  to: '+34*******56',
  data: { country: 'ES' },
};

describe('an audit event', () => {
  it('is a line for people, and a row for spreadsheets', () => {
    expect(eventLine(event)).toBe(
      '2026-01-01T00:00:00.000Z  created         v  +34*******56  key:k  country=ES',
    );
    expect(csvRow(event)).toEqual([
      'v.000001',
      event.at,
      'created',
      'v',
      1,
      'key:k',
      'default',
      '+34*******56',
      '{"country":"ES"}',
    ]);
  });
});

describe('where an export stopped', () => {
  const line = JSON.stringify(event);

  it.each([
    [`${line}\n`, 'jsonl', { id: 'v.000001', length: line.length + 1 }],
    [
      `${line}\n${line.replace('000001', '000002')}\n{"id":"v.0`,
      'jsonl',
      { id: 'v.000002', length: 2 * line.length + 2 },
    ],
    ['id,at\n', 'csv', { id: null, length: 6 }],
    ['id,at\nv.000001,x\nv.00', 'csv', { id: 'v.000001', length: 17 }],
    // What begins with a hyphen has an apostrophe before it, so that no spreadsheet reckons with it.
    ["id,at\n'-v.000001,x\n", 'csv', { id: '-v.000001', length: 19 }],
  ] as const)('is after the last whole line of %j', (text, format, place) => {
    expect(lastWhole(text, format)).toEqual(place);
  });

  it.each([
    ['', 'jsonl'],
    ['{"id":', 'jsonl'],
    ['a text\n', 'jsonl'],
    [`${line}\n`, 'csv'],
    ['id,at\nv.000001,x\n', 'jsonl'],
  ] as const)('is not known in %j as %s', (text, format) => {
    expect(lastWhole(text, format)).toBeNull();
  });
});
