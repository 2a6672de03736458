/** Definitions of plug-ins, so that what one does wrong while it is set up is told as what it is. */
import type { EventSinkDefinition } from '../audit/sinks/event-sink';
import { ExitCode, StartupError } from '../database/startup-error';
import type { RiskCheckDefinition } from '../limits/risk/check';
import type { GatewayDefinition } from '../sms/gateway';
import type { TextDefinition } from '../sms/texts/text-definition';
import { kindNames } from './definition-rules';
import type { DefinitionKind, MarkedDefinition } from './plugin-exports';

type Marked<D, K extends DefinitionKind> = D & { readonly kind: K };
export type GuardedDefinition =
  | Marked<GatewayDefinition, 'gateway'>
  | Marked<RiskCheckDefinition, 'risk-check'>
  | Marked<EventSinkDefinition, 'event-sink'>
  | Marked<TextDefinition, 'text'>;

/** @param definition without problems */
export function guarded(definition: MarkedDefinition, origin: string): GuardedDefinition {
  // A copy: what the module does to its own object later changes nothing here.
  const own = { ...definition } as unknown as GuardedDefinition;
  const guard = new Guard(own, origin);
  switch (own.kind) {
    case 'gateway':
      return { ...own, ...missingOf(own, guard), create: creating(own, ['send'], guard) };
    case 'risk-check':
      return { ...own, create: creating(own, own.asksThePerson ? ['check', 'challenge'] : ['check'], guard) };
    case 'event-sink':
      return { ...own, create: creating(own, ['take'], guard) };
    case 'text':
      return own;
  }
}

interface Creating<Tools, Made> {
  create(config: unknown, tools: Tools): Made;
}

function creating<Tools, Made>(
  own: Creating<Tools, Made>,
  methods: readonly string[],
  guard: Guard,
): Creating<Tools, Made>['create'] {
  return (config, tools) => guard.made(methods, () => own.create(config, tools));
}

function missingOf(own: GatewayDefinition, guard: Guard): Pick<GatewayDefinition, 'missing'> {
  if (!own.missing) return {};
  return {
    missing: (channel, config) => {
      const keys: unknown = guard.run('missing', () => own.missing?.(channel, config));
      if (Array.isArray(keys) && keys.every((key) => typeof key === 'string')) return keys;
      throw guard.error('missing returned something other than a list of settings');
    },
  };
}

class Guard {
  constructor(
    private readonly definition: GuardedDefinition,
    private readonly origin: string,
  ) {}

  /** What `create` returned, which must have these methods. */
  made<T>(methods: readonly string[], create: () => T): T {
    return this.run('create', () => {
      const made = create();
      const have = (made ?? {}) as Readonly<Record<string, unknown>>;
      if (have instanceof Promise) throw this.error('create returned a promise: it must return at once');
      const lacking = methods.find((method) => typeof have[method] !== 'function');
      if (lacking !== undefined) throw this.error(`create returned something without ${lacking}(): add it`);
      return made;
    });
  }

  run<T>(step: string, call: () => T): T {
    try {
      return call();
    } catch (error) {
      if (error instanceof StartupError) throw error;
      throw this.error(`${step} threw: ${reasonOf(error)}`);
    }
  }

  error(problem: string): StartupError {
    const { kind, name } = this.definition;
    return new StartupError(
      `PLUGINS: "${this.origin}": the ${kindNames[kind]} "${name}" cannot be used; ${problem}`,
      ExitCode.wrongSetting,
    );
  }
}

const MAX_REASON = 300;

/** What a plug-in's author wants to read: the first line of the message, not the stack. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : 'something that is no error';
  return (text.split('\n', 1)[0] ?? '').slice(0, MAX_REASON);
}
