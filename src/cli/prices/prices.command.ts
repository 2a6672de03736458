import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { CliError } from '../cli-error';
import { adminClient } from '../client/client.service';
import { show } from '../terminal/terminal.service';
import type { ImportOptions } from './prices';

export async function importPrices(file: string, options: ImportOptions): Promise<void> {
  const body = file === '-' ? await text(process.stdin) : await contentOf(file);
  const client = await adminClient(options);
  const answer = await client.call<{ imported: number }>('PUT', '/v1/prices', {
    body,
    contentType: 'text/csv',
    query: options.replace === true ? { replace: 'true' } : {},
  });
  show(options, answer, () => `${answer.imported} prices imported.`);
}

async function contentOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new CliError(`${file} cannot be read (${code}).`);
  });
}
