import { z } from 'zod';
import type { EventSinkDefinition } from '../../src/audit/sinks/event-sink';
import { defineEventSink } from '../../src/audit/sinks/event-sink';
import { defineRiskCheck, type RiskCheckDefinition } from '../../src/limits/risk/check';
import type { MarkedDefinition } from '../../src/plugins/plugin-exports';
import { defineGateway, type GatewayDefinition } from '../../src/sms/gateway';
import { defineText, type TextDefinition } from '../../src/sms/texts/text-definition';

/** As a loader sees it, with fields that may be as wrong as a stranger makes them. */
const marked = (definition: object, change: object): MarkedDefinition =>
  ({ ...definition, ...change }) as MarkedDefinition;

export const aGateway = (change: Partial<Record<keyof GatewayDefinition, unknown>> = {}): MarkedDefinition =>
  marked(
    defineGateway({
      name: 'acme-sms',
      docs: { title: 'Acme', verified: 'Against a fake.', receipts: 'None.' },
      validity: { sms: { none: 'It is told nothing.' } },
      config: z.strictObject({ token: z.string().describe('Token').meta({ secret: true }) }),
      create: () => ({ send: () => Promise.resolve({ outcome: 'accepted' }) }),
    }),
    change,
  );

export const aCheck = (change: Partial<Record<keyof RiskCheckDefinition, unknown>> = {}): MarkedDefinition =>
  marked(
    defineRiskCheck({
      name: 'acme-risk',
      asksThePerson: false,
      docs: { title: 'Acme', does: 'Nothing.', verified: 'Nothing.' },
      config: z.strictObject({}),
      create: () => ({ check: () => Promise.resolve({ verdict: 'allow' }) }),
    }),
    change,
  );

export const aSink = (change: Partial<Record<keyof EventSinkDefinition, unknown>> = {}): MarkedDefinition =>
  marked(
    defineEventSink({
      name: 'acme-log',
      config: z.strictObject({}),
      create: () => ({ take: () => Promise.resolve() }),
    }),
    change,
  );

export const aText = (change: Partial<Record<keyof TextDefinition, unknown>> = {}): MarkedDefinition =>
  marked(
    defineText({ name: 'basque', locale: 'eu', texts: [{ channel: 'sms', text: 'Zure kodea {code} da.' }] }),
    change,
  );
