import { applicationSettings } from '../../applications/settings/application-settings.dto';
import { invalidRequest } from '../../common/validation';
import { defaultLimits, limitProblems, limitsOf, type CountSettings } from './limit';

const paths = (settings: CountSettings): string[] => limitProblems(settings).map(({ path }) => path);
const named = (settings: CountSettings, name: string) =>
  limitsOf(settings).find((limit) => limit.name === name);

describe('the limits of an application', () => {
  it('are the built-in ones where nothing is set', () => {
    expect(limitsOf({}).map(({ name }) => name)).toEqual(Object.keys(defaultLimits));
  });

  it('may be changed in part, turned off, and added to', () => {
    const settings = {
      limits: {
        number: { max: 7 },
        ip: { disabled: true },
        signup: { by: ['ip', 'country'], max: 3, windowSeconds: 60 },
      },
    } as const;
    expect(named(settings, 'number')).toEqual({ ...defaultLimits['number'], max: 7, name: 'number' });
    expect(named(settings, 'ip')).toBeUndefined();
    expect(named(settings, 'signup')).toMatchObject({ max: 3, onUnavailable: 'open' });
    expect(limitProblems(settings)).toEqual([]);
  });

  it('of its own must be whole', () => {
    expect(paths({ limits: { mine: { max: 3 } } })).toEqual([
      'settings.limits.mine.by',
      'settings.limits.mine.windowSeconds',
    ]);
    // A name that every object has is no built-in limit.
    expect(paths({ limits: { constructor: { max: 3, windowSeconds: 60 } } })).toEqual([
      'settings.limits.constructor.by',
    ]);
  });

  it('that count the same over the same window are refused, in whatever order they name it', () => {
    const twin = { by: ['installation', 'number'], max: 3, windowSeconds: 3_600 } as const;
    expect(paths({ limits: { twin } })).toEqual(['settings.limits.twin']);
    expect(paths({ limits: { twin, numberEverywhere: { disabled: true } } })).toEqual([]);
    expect(paths({ limits: { twin: { ...twin, countries: ['ES'] } } })).toEqual([]);
  });
});

describe('a limit in the settings', () => {
  const refused = (limits: unknown): string[] => {
    const parsed = applicationSettings.safeParse({ limits });
    if (parsed.success) return [];
    const { errors = [] } = invalidRequest(parsed.error.issues, { limits }, 'body').details;
    return errors.map(({ path, message }) => `${path}: ${message}`);
  };

  it.each([
    [{ number: { max: 0 } }, /Use at least 1; to send nothing at all, set disabled/],
    [{ number: { max: -1 } }, /Use at least 1/],
    [{ number: { max: 1.5 } }, /whole number/],
    [{ number: { windowSeconds: 0 } }, /at least 10 seconds/],
    [{ number: { windowSeconds: 10_000_000 } }, /a week/],
    [{ number: { by: [] } }, /Say what is counted/],
    [{ number: { by: ['number', 'number'] } }, /Name each once/],
    [{ number: { by: ['shoe size'] } }, /Use number, ip/],
    [{ number: { countries: ['es'] } }, /capitals/],
    [{ ñ: { max: 1 } }, /Use a name/],
  ])('is refused with its remedy: %j', (limits, remedy) => {
    expect(refused(limits).join('\n')).toMatch(remedy);
  });

  it('is one of at most 32', () => {
    const many = Object.fromEntries(
      Array.from({ length: 33 }, (_, n) => [`l${n}`, { by: ['number'], max: 1, windowSeconds: 60 + n }]),
    );
    expect(refused(many)).toEqual(['limits: Use at most 32 limits.']);
  });
});
