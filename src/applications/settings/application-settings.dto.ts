import { z } from 'zod';
import { channels } from '../../common/channel';
import { phoneNumberTypes } from '../../phone/phone-number';
import { codeAlphabets, pendingRules } from '../../otp/slots/policy';
import { isAppHash, isWebOtpDomain } from '../../sms/texts/autofill';
import { MAX_TEMPLATES } from '../../sms/texts/templates/template-rules';
import { isCountry, isDisplayText } from './setting-values';
import { localeTag, purposeName, templateSchema } from './template-schema';

const displayText = (max: number) =>
  z.string().max(max).refine(isDisplayText, 'Must be visible text on one line, without control characters.');

const countryCode = z
  .string()
  .toUpperCase()
  .refine(isCountry, 'Must be an ISO 3166-1 alpha-2 code, such as ES.');

const distinct = <T>(values: T[]): T[] => [...new Set(values)];

const sendsFields = { max: z.int().min(1).max(100), windowSeconds: z.int().min(60).max(86_400) };

const policyFields = {
  codeLength: z.int().min(4).max(10),
  codeAlphabet: z.enum(codeAlphabets),
  ttlSeconds: z.int().min(30).max(86_400),
  maxChecks: z.int().min(1).max(10),
  whenPending: z.enum(pendingRules),
  cooldownSeconds: z.int().min(0).max(3_600),
};

const routes = z.string().min(1).max(2_000);

const channelRoutesFields = { voice: routes, whatsapp: routes, email: routes };

const deliveryFields = {
  onUnknown: z.enum(['failover', 'wait']),
  attemptTimeoutMs: z.int().min(1_000).max(10_000),
  deadlineMs: z.int().min(1_000).max(20_000),
  failoverWithinSeconds: z.int().min(0).max(3_600),
};

const channelOrder = z
  .array(z.strictObject({ channel: z.enum(channels), waitSeconds: z.int().min(10).max(600) }))
  .min(1)
  .max(channels.length)
  .refine(
    (waits) => new Set(waits.map(({ channel }) => channel)).size === waits.length,
    'Must name each channel at most once.',
  );

const fields = {
  brand: displayText(30),
  locale: localeTag,
  contact: displayText(100),
  allowedCountries: z.array(countryCode).max(300).overwrite(distinct),
  allowedNumberTypes: z.array(z.enum(phoneNumberTypes)).min(1).max(20).overwrite(distinct),
  routes,
  channels: channelOrder,
  templates: z.array(templateSchema).max(MAX_TEMPLATES),
  allowLinks: z.boolean(),
  transliterate: z.boolean(),
  webOtpDomain: z
    .string()
    .toLowerCase()
    .refine(isWebOtpDomain, 'Must be a host name, such as example.com, without scheme or path.'),
  appHash: z.string().refine(isAppHash, 'Must be the 11 characters of the SMS Retriever hash.'),
  disabled: z.boolean(),
};

const policy = z.strictObject({ ...policyFields, sends: z.strictObject(sendsFields).partial() }).partial();

/** All settings of an application, as stored and as `POST` takes them. What needs the server is checked apart. */
export const applicationSettings = z
  .strictObject({
    ...fields,
    channelRoutes: z.strictObject(channelRoutesFields).partial(),
    delivery: z.strictObject(deliveryFields).partial(),
    policy,
    purposes: z.record(purposeName, policy),
  })
  .partial();

const policyPatch = nullish({ ...policyFields, sends: nullish(sendsFields) });

/** A change of settings as `PATCH` takes it (RFC 7396): what is not named stays, null removes, arrays replace. */
export const applicationSettingsPatch = nullish({
  ...fields,
  channelRoutes: nullish(channelRoutesFields),
  delivery: nullish(deliveryFields),
  policy: policyPatch,
  purposes: z.record(purposeName, policyPatch.nullable()),
});

type Nullish<Shape extends z.ZodRawShape> = {
  [Key in keyof Shape]: z.ZodOptional<z.ZodNullable<Shape[Key]>>;
};

/** The strict object with these fields, each of which may be absent or null. */
function nullish<Shape extends z.ZodRawShape>(shape: Shape) {
  const entries = Object.entries(shape).map(([key, field]) => [key, z.nullish(field)]);
  // Object.fromEntries forgets the names of the keys; the map above keeps every one.
  return z.strictObject(Object.fromEntries(entries) as Nullish<Shape>);
}
