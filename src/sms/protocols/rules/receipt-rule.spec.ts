import { createHmac } from 'node:crypto';
import { aReceiptRequest } from '../../../testing/contracts/receipts.contract';
import { parseJsonPath } from './json-path';
import { readByRule } from './receipt-rule';
import type { ReceiptRule } from './receipt-rule';

const path = (text: string) => parseJsonPath(text)!;
const SECRET = 'a-secret-of-receipts';

const rule = (more: Partial<ReceiptRule> = {}): ReceiptRule => ({
  list: null,
  state: path('state'),
  reference: null,
  clientReference: path('ref'),
  words: { sent: ['enroute'], delivered: ['delivrd'], undelivered: ['undeliv'] },
  proof: null,
  ...more,
});
const json = (body: string, headers: Record<string, string> = {}) =>
  aReceiptRequest({ body: Buffer.from(body), headers: { 'content-type': 'application/json', ...headers } });
const inQuery = (query: string, headers: Record<string, string> = {}) =>
  aReceiptRequest({
    method: 'GET',
    url: `https://verify.example.com/v1/receipts/http/secret?${query}`,
    headers,
  });
const hmacOf = (body: string) => createHmac('sha256', SECRET).update(body);
const delivered = { kind: 'receipts', receipts: [{ clientReference: 'c', state: 'delivered' }] };

describe('receipts of a generic gateway', () => {
  it.each([
    ['the body itself', '{"ref":"c","state":"DELIVRD"}'],
    ['a list of them', '[{"ref":"c","state":"Delivrd"}]'],
  ])('come as %s', (_name, body) => {
    expect(readByRule(rule(), json(body))).toEqual(delivered);
  });

  it('come as a list inside the body', () => {
    const body = '{"data":{"results":[{"ref":"c","state":"delivrd"}]}}';
    expect(readByRule(rule({ list: path('data.results') }), json(body))).toEqual(delivered);
  });

  it('come in a query or a form, by the name of the parameter', () => {
    const dotted = rule({ state: path('dlr.state') });
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    const form = aReceiptRequest({ body: Buffer.from('dlr.state=DELIVRD&ref=c'), headers });
    expect(readByRule(dotted, form)).toEqual(delivered);
    expect(readByRule(dotted, inQuery('dlr.state=DELIVRD&ref=c'))).toEqual(delivered);
  });

  it('are read up to the limit of one call', () => {
    const many = JSON.stringify(Array.from({ length: 1_500 }, () => ({ ref: 'c', state: 'delivrd' })));
    const reading = readByRule(rule(), json(many));
    expect(reading.kind === 'receipts' && reading.receipts.length).toBe(1_000);
  });

  it('are read by the family of a word that is in none of the lists', () => {
    expect(readByRule(rule(), json('{"ref":"c","state":"not-delivered"}'))).toMatchObject({
      receipts: [{ state: 'undelivered' }],
    });
    expect(readByRule(rule(), json('{"ref":"c","state":"constructor"}'))).toEqual({
      kind: 'receipts',
      receipts: [{ clientReference: 'c', state: 'unknown', unknownWord: 'CONSTRUCTOR' }],
    });
  });

  it.each(['7', '{}', '"x"', '<xml/>', '{"ref":"c"}', '[null]', '{"state":{}}'])(
    'are malformed as %p',
    (body) => {
      expect(readByRule(rule(), json(body))).toEqual({ kind: 'malformed' });
    },
  );

  it('are malformed where the list is none', () => {
    expect(readByRule(rule({ list: path('results') }), json('{"results":7}'))).toEqual({ kind: 'malformed' });
  });
});

describe('the proof of a receipt', () => {
  const signed = rule({ proof: { kind: 'hmac-sha256', header: 'x-signature', secret: SECRET } });
  const body = '{"ref":"c","state":"DELIVRD"}';

  it.each([
    ['hexadecimal', hmacOf(body).digest('hex')],
    ['capital hexadecimal', hmacOf(body).digest('hex').toUpperCase()],
    ['base64', hmacOf(body).digest('base64')],
    ['hexadecimal with its algorithm in front', `sha256=${hmacOf(body).digest('hex')}`],
  ])('is a signature in %s', (_name, signature) => {
    expect(readByRule(signed, json(body, { 'x-signature': signature }))).toEqual(delivered);
  });

  // Catches: the signature of an empty body, which would vouch for whatever a query says.
  it('is never the signature of nothing', () => {
    const headers = { 'x-signature': hmacOf('').digest('hex') };
    expect(readByRule(signed, inQuery('state=DELIVRD&ref=c', headers))).toEqual({ kind: 'forged' });
  });

  // Catches: a query that adds to a signed body.
  it('covers all that is read: beside a body the query says nothing', () => {
    const text = '{"state":"DELIVRD"}';
    const { url, query } = inQuery('ref=other&state=UNDELIV');
    const request = { ...json(text, { 'x-signature': hmacOf(text).digest('hex') }), url, query };
    expect(readByRule(signed, request)).toEqual({ kind: 'receipts', receipts: [{ state: 'delivered' }] });
  });

  it('may be the secret itself, also in a query', () => {
    const shown = rule({ proof: { kind: 'secret', header: 'x-token', secret: SECRET } });
    expect(readByRule(shown, inQuery('state=DELIVRD&ref=c', { 'x-token': SECRET }))).toEqual(delivered);
    const strangers: Record<string, string>[] = [{ 'x-token': `${SECRET}x` }, { 'x-token': '' }, {}];
    for (const headers of strangers) {
      expect(readByRule(shown, inQuery('state=DELIVRD&ref=c', headers))).toEqual({ kind: 'forged' });
    }
  });
});
