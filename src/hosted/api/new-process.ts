/** A process as a backend begins it. */
import type { Application } from '../../applications/application';
import { allowedAddress } from '../../brand/web-address/web-address';
import type { FieldProblem } from '../../common/errors';
import { DEFAULT_PURPOSE } from '../../otp/verifications/start/start-plan';
import type { Process } from '../process/process';
import { LIFE_MS } from '../process/rules';
import type { CreateHosted } from './hosted-verifications.dto';

export interface Begun {
  readonly id: string;
  readonly applicationId: string;
  readonly keyId: string;
  /** E.164, of a number that was given. */
  readonly to: string | null;
  readonly now: Date;
}

export function newProcess(body: CreateHosted, { id, applicationId, keyId, to, now }: Begun): Process {
  const surface = body.origin === undefined ? 'page' : 'component';
  return {
    id,
    v: 0,
    applicationId,
    keyId,
    purpose: body.purpose ?? DEFAULT_PURPOSE,
    surface,
    ...orNull(body, ['origin', 'returnUrl', 'cancelUrl', 'locale', 'channels']),
    country: body.country?.toUpperCase() ?? null,
    createdAt: now,
    expiresAt: new Date(now.getTime() + LIFE_MS[surface]),
    status: 'open',
    visitor: null,
    hasSent: false,
    messages: 0,
    operation: null,
    code: null,
    approvedAt: null,
    redeemed: null,
    personal: {
      to,
      isTyped: false,
      ...orNull(body, ['email', 'transaction', 'digest', 'state', 'metadata']),
    },
  };
}

type OrNull<Given, Name extends keyof Given> = {
  readonly [Key in Name]-?: Exclude<Given[Key], undefined> | null;
};

/** What is not said is null. */
function orNull<Given extends object, Name extends keyof Given>(
  given: Given,
  names: readonly Name[],
): OrNull<Given, Name> {
  return Object.fromEntries(names.map((name) => [name, given[name] ?? null])) as OrNull<Given, Name>;
}

const lists = {
  returnUrl: ['returnUrls', 'pages that may get a result'],
  cancelUrl: ['cancelUrls', 'pages that people may go back to'],
} as const;

/** Addresses that the application has not named: a result would go to anybody. */
export function addressProblems(body: CreateHosted, { settings }: Application): FieldProblem[] {
  const hosted = settings.hosted ?? {};
  const addresses = (['returnUrl', 'cancelUrl'] as const).flatMap((path) => {
    const [name, what] = lists[path];
    const written = body[path];
    if (written === undefined || allowedAddress(hosted[name], written)) return [];
    return [{ path, message: `Use an address of settings.hosted.${name}, the ${what}, to the character.` }];
  });
  const { origin } = body;
  if (origin === undefined || (hosted.origins ?? []).includes(origin)) return addresses;
  return [
    ...addresses,
    {
      path: 'origin',
      message: 'Use one of settings.hosted.origins, the pages that may carry the component.',
    },
  ];
}
