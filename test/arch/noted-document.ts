/** A Markdown document whose sentences end in notes (`[^name]`), and whose notes name the tests that hold them. */

/** A sentence, or a row of a table, with the notes at its end. */
export interface Claim {
  readonly text: string;
  readonly notes: readonly string[];
}

/** A test by its file and its name. */
export interface NamedTest {
  readonly file: string;
  readonly name: string;
}

const NOTES = /(?:\[\^[\w-]+\])+$/;
const DEFINITION = /^\[\^([\w-]+)\]: ?(.*)$/;
/** After a full stop, perhaps with quotes or emphasis: its notes, or a new beginning. */
const SENTENCE_END =
  /(?<=[.!?]["”_*)]{0,3}(?:\[\^[\w-]+\])+)\s+|(?<=[.!?]["”_*)]{0,3})\s+(?=["“_*(`[]*[A-Z0-9])/;

export function claimsOf(markdown: string): Claim[] {
  return blocksOf(markdown).flatMap((block) => (block.startsWith('|') ? rowsOf(block) : sentencesOf(block)));
}

/** The notes by their names, each as one line. */
export function notesOf(markdown: string): Map<string, string> {
  const found = markdown.split(/\n(?=\[\^)|\n\n/).flatMap((block) => {
    const [, name, text] = DEFINITION.exec(block.trim().replace(/\s*\n\s+/g, ' ')) ?? [];
    return name === undefined || text === undefined ? [] : [[name, text] as const];
  });
  return new Map(found);
}

/** What a note names: a file in backticks, then names of its tests in curly quotes. */
export function testsOf(note: string): NamedTest[] {
  let file = '';
  return [...note.matchAll(/`([^`]+)`|“([^”]+)”/g)].flatMap(([, path, name]) => {
    if (path !== undefined) file = path;
    return name === undefined ? [] : [{ file, name }];
  });
}

/** Paragraphs, items of lists, and tables; headings, quotations, comments and definitions of notes are none. */
function blocksOf(markdown: string): string[] {
  return markdown
    .split(/\n{2,}|\n(?=- |\[\^)/)
    .map((block) => block.trim())
    .filter(
      (block) =>
        block !== '' && !/^(?:[#>]|<!--)/.test(block) && !DEFINITION.test(block.split('\n')[0] ?? ''),
    );
}

/** Without the head. The notes stand in the last cell. */
function rowsOf(table: string): Claim[] {
  const rows = table.split('\n').slice(2);
  return rows.map((row) => toClaim(row.replace(/\s*\|\s*$/, '').replace(/^\|\s*/, '')));
}

function sentencesOf(block: string): Claim[] {
  const line = block.replace(/^- /, '').replace(/\s*\n\s*/g, ' ');
  return line.split(SENTENCE_END).map(toClaim);
}

function toClaim(text: string): Claim {
  const [notes = ''] = NOTES.exec(text) ?? [];
  return {
    text: text.replace(/\s+/g, ' '),
    notes: [...notes.matchAll(/\[\^([\w-]+)\]/g)].map(([, name = '']) => name),
  };
}
