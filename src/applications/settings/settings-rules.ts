import { parseRoutes } from '../../../config/routes';
import { hostedProblems } from '../../brand/hosted-settings';
import { type Channel, channels } from '../../common/channel';
import type { FieldProblem } from '../../common/errors';
import { riskCheckProblems, type AvailableCheck } from '../../limits/risk/risk-rules';
import type { OfferedSenders } from '../../sms/senders/sender-choice';
import { limitProblems } from '../../limits/counts/limit';
import { senderProblems } from '../../sms/settings/sender-rules';
import { moneyProblems } from '../../limits/money/budget-rules';
import { fitIssues } from '../../sms/texts/templates/template-fit';
import { confirmsPayment, showsDigest } from '../../sms/texts/templates/template-rules';
import { knownPurposes, MAX_PURPOSES, type Application } from '../application';
import { lifeProblem } from '../../otp/policy/policy';
import { policyFor, profileProblems } from '../../otp/policy/effective-policy';
import { type Template } from '../../sms/texts/templates/template';

/** A gateway as routes see it: its name, and the channels that it can carry with its settings. */
export interface RoutableGateway {
  readonly name: string;
  readonly channels: readonly Channel[];
  readonly senders: OfferedSenders;
}

/** The server that an application lives on. */
export interface Home {
  /** Those that it has settings for. */
  readonly gateways: readonly RoutableGateway[];
  /** Those that it has settings for. */
  readonly riskChecks: readonly AvailableCheck[];
  readonly isProduction: boolean;
}

/** Injection token of the same name. */
export const Home = Symbol('Home');

/** What can only be judged by looking at an application as a whole, and at the server it lives on. */
export function problemsOf(
  application: Pick<Application, 'settings' | 'purposes'>,
  { gateways, riskChecks, isProduction }: Home,
): FieldProblem[] {
  const { routes, channelRoutes } = application.settings;
  return [
    ...channels.flatMap((channel) =>
      channel === 'sms'
        ? routeProblems(channel, routes, 'settings.routes', gateways)
        : routeProblems(channel, channelRoutes?.[channel], `settings.channelRoutes.${channel}`, gateways),
    ),
    ...senderProblems(application.settings.senders ?? [], gateways),
    ...purposeProblems(application),
    ...lifeProblems(application.settings),
    ...profileProblems(application.settings),
    ...channelProblems(application.settings),
    ...templateProblems(application.settings),
    ...limitProblems(application.settings),
    ...riskCheckProblems(application.settings.riskChecks, riskChecks),
    ...moneyProblems(application.settings),
    ...hostedProblems(application.settings, isProduction),
    ...(isProduction ? testNumberProblems(application.settings) : []),
  ];
}

function routeProblems(
  channel: Channel,
  routes: string | undefined,
  path: string,
  gateways: readonly RoutableGateway[],
): FieldProblem[] {
  if (routes === undefined) return [];
  const names = gateways.map(({ name }) => name);
  const carriers = gateways.filter((gateway) => gateway.channels.includes(channel));
  const forChannel = { channel, gateways: carriers.map(({ name }) => name) };
  const parsed = parseRoutes(routes, names, forChannel);
  return parsed.ok ? [] : parsed.problems.map((message) => ({ path, message }));
}

function purposeProblems(application: Pick<Application, 'settings' | 'purposes'>): FieldProblem[] {
  if (knownPurposes(application).size <= MAX_PURPOSES) return [];
  const used = application.purposes.length;
  return [
    {
      path: 'settings.purposes',
      message: `At most ${MAX_PURPOSES} purposes, and ${used} are in use: purposes are fixed words, never data.`,
    },
  ];
}

/** For more than a day only where somebody has said so. */
function lifeProblems({ purposes = {} }: Application['settings']): FieldProblem[] {
  return Object.entries(purposes).flatMap(([purpose, { ttlSeconds, longLived }]) => {
    const message = lifeProblem(ttlSeconds, longLived, purpose);
    return message === null ? [] : [{ path: `settings.purposes.${purpose}.ttlSeconds`, message }];
  });
}

/** A way in without a phone must not be forgotten. */
function testNumberProblems({ testNumbers = [] }: Application['settings']): FieldProblem[] {
  return testNumbers.flatMap(({ expiresAt }, index) =>
    expiresAt === undefined
      ? [{ path: `settings.testNumbers.${index}.expiresAt`, message: 'Say until when: this is production.' }]
      : [],
  );
}

/** The usual order of channels must be one that the application's own policy allows. */
function channelProblems(settings: Application['settings']): FieldProblem[] {
  const { channels: order = [], profile } = settings;
  const { allowedChannels } = policyFor({ policy: settings.policy, profile }, '');
  const under = profile === undefined ? '' : ` under the profile ${profile}`;
  return order.flatMap(({ channel }, index) =>
    allowedChannels.includes(channel)
      ? []
      : [
          {
            path: `settings.channels.${index}.channel`,
            message: `The policy allows ${allowedChannels.join(', ')}${under}: leave ${channel} out.`,
          },
        ],
  );
}

/** Each template by itself, and none that another one hides for ever. */
function templateProblems(settings: Application['settings']): FieldProblem[] {
  const { templates = [] } = settings;
  const kinds = templates.map(kindOf);
  return templates.flatMap((template, index) => {
    const path = `settings.templates.${index}`;
    const issues = fitIssues(template, settings);
    const first = kinds.indexOf(kinds[index] ?? '');
    const message = `Merge it with templates.${first}: both are for the same purpose, channel and locale.`;
    return [
      ...issues.map(({ field, message: remedy }) => ({ path: `${path}.${field}`, message: remedy })),
      ...(first < index ? [{ path, message }] : []),
    ];
  });
}

function kindOf({ purpose, channel, locale, text }: Template): string {
  return JSON.stringify([purpose, channel, locale, confirmsPayment(text), showsDigest(text)]);
}
