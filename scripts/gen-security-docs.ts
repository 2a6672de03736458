import { judge, type Clause, type Facts } from '../src/otp/policy/clause';
import { defaultPolicy, type Policy } from '../src/otp/policy/policy';
import { profiles, standards, tightened, type Profile } from '../src/otp/policy/profile';
import { replacePart, row, table } from './markdown';

/** `docs/security.md` with its tables of clauses made new. */
export function renderSecurityDocs(text: string): string {
  const content = profiles.map(renderStandard).join('\n');
  return replacePart({ path: 'docs/security.md', text }, 'clauses', content);
}

/** As a server starts: e-mail is not routed, and audit events are kept for 400 days. */
const fresh: Policy = {
  ...defaultPolicy,
  allowedChannels: defaultPolicy.allowedChannels.filter((channel) => channel !== 'email'),
};
const facts: Facts = { auditRetentionDays: 400, testNumbers: 0 };

function renderStandard(profile: Profile): string {
  const { source, clauses } = standards[profile];
  const rows = clauses.map((clause) =>
    row(clause.clause, clause.asks, answerTo(clause), metBy(clause, profile), notesOf(clause)),
  );
  const head = ['clause', 'asks', 'answer', 'met', 'test'];
  return [`### ${source}: \`${profile}\`\n`, table(head, rows), ''].join('\n');
}

function answerTo(clause: Clause): string {
  return clause.by === 'you' ? clause.answer : judge(clause, fresh, facts).because;
}

function metBy(clause: Clause, profile: Profile): string {
  if (clause.by === 'you') return 'yours';
  if (judge(clause, fresh, facts).met) return 'yes';
  const isMetByProfile = judge(clause, tightened(fresh, profile), facts).met;
  return isMetByProfile ? `no; with \`${profile}\`` : 'no';
}

/** Names of notes, which stand at the end of the page with the tests. */
function notesOf({ by, notes }: Clause): string {
  const names = notes ?? [by === 'you' ? 'yours' : 'gap'];
  return names.map((name) => `[^${name}]`).join('');
}
