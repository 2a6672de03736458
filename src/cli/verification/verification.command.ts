import { CliError, UsageError } from '../cli-error';
import { applicationClient } from '../client/client.service';
import { ask, isInteractive, readStdin, show } from '../terminal/terminal.service';
import type { CheckOptions, SendOptions } from './verification';
import { type CheckedVerification, checkedWords, sentWords, type Verification } from './verification-words';

/** Seconds for the first gateway to answer, so that the result says more than "sending". */
const WAIT_SECONDS = 5;

export async function send(to: string, options: SendOptions): Promise<void> {
  const { country, channel, purpose, locale } = options;
  const client = await applicationClient(options);
  const made = await client.call<Verification>('POST', '/v1/verifications', {
    body: { to, country, channel, purpose, locale },
    headers: { prefer: `wait=${WAIT_SECONDS}` },
  });
  show(options, made, () => sentWords(made));
}

/** A wrong code is an answer and no error, but whoever calls this from a script wants to know by the exit code. */
export async function check(id: string, options: CheckOptions): Promise<void> {
  const client = await applicationClient(options);
  const code = await codeFrom(options);
  const path = `/v1/verifications/${encodeURIComponent(id)}/checks`;
  const checked = await client.call<CheckedVerification>('POST', path, { body: { code } });
  if (checked.valid) return show(options, checked, () => checkedWords(checked));
  if (options.json) show(options, checked, () => '');
  throw new CliError(checkedWords(checked));
}

async function codeFrom({ codeStdin }: CheckOptions): Promise<string> {
  if (!codeStdin && !isInteractive())
    throw new UsageError(
      'There is no terminal to ask for the code at: give it on the standard input with --code-stdin.',
    );
  const code = codeStdin ? await readStdin() : await ask('Code: ');
  if (code !== '') return code;
  throw new UsageError('There is no code.');
}
