/** Columns under headings, divided by two spaces; nothing but text, so that it may be cut and sorted. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => width(line[column]))));
  return lines
    .map((line) =>
      line
        .map((cell, column) => printable(cell) + ' '.repeat((widths[column] ?? 0) - width(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Names and values, one a line. */
export function fields(values: Readonly<Record<string, string | number | null | undefined>>): string {
  const shown = Object.entries(values).filter((entry) => entry[1] !== undefined);
  const widest = Math.max(...shown.map(([name]) => name.length));
  return shown
    .map(([name, value]) => `${name.padEnd(widest)}  ${printable(String(value ?? '–'))}`)
    .join('\n');
}

/** What a server says goes to a terminal: no control characters, and nothing that turns the line around. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '�');
}

function width(cell = ''): number {
  return Array.from(cell).length;
}
