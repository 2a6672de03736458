import { printable } from '../terminal/table';

export type State = 'ok' | 'warning' | 'problem' | 'skipped';

/** One thing that was looked at. Holds no secret. */
export interface Finding {
  readonly area: string;
  readonly state: State;
  /** What is the case, and for a warning or a problem what to do. */
  readonly message: string;
}

/** A short way to write down what was found in one area. */
export function about(area: string): Record<State, (message: string) => Finding> {
  const of = (state: State) => (message: string) => ({ area, state, message });
  return { ok: of('ok'), warning: of('warning'), problem: of('problem'), skipped: of('skipped') };
}

/** A line for each, and what it comes to. */
export function findingsWords(findings: readonly Finding[]): string {
  const widest = Math.max(...findings.map(({ area }) => area.length));
  const lines = findings.map(
    ({ area, state, message }) => `${state.padEnd(7)}  ${area.padEnd(widest)}  ${printable(message)}`,
  );
  return [...lines, '', summary(findings)].join('\n');
}

function summary(findings: readonly Finding[]): string {
  const count = (state: State) => findings.filter((finding) => finding.state === state).length;
  const skipped = count('skipped');
  return `${count('problem')} problems, ${count('warning')} warnings${skipped === 0 ? '' : `, ${skipped} not checked`}.`;
}

export function hasProblem(findings: readonly Finding[]): boolean {
  return findings.some(({ state }) => state === 'problem');
}
