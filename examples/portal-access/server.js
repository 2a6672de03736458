import { listen, openApp, texts } from './app.js';
import { openSixdigit, Refusal } from './sixdigit.js';

const app = await openApp();
const sixdigit = openSixdigit();
/** Yours are in a database. */
const guests = new Map([
  ['+12015550151', { name: 'Eva', papers: ['Blood test of May'] }],
  ['+12015550152', { name: 'Finn', papers: ['X-ray of June'] }],
]);
const VISIT_MS = 15 * 60_000;

app.post('/access', texts('phone'), async (request, reply) => {
  const { valid, e164 } = await sixdigit('/v1/phone-numbers/validate', { to: request.body.phone });
  if (!valid) throw new Refusal({ code: 'phone_invalid' });
  request.session.set('asked', e164);
  reply.send({ next: 'code', message: 'If we know this number, a code is on its way.' });
  // After the answer, whose time would tell whom we know. Why a message did not go is nothing for the person either.
  if (guests.has(e164))
    void sixdigit('/v1/verifications', { to: e164, purpose: 'portal', clientIp: request.ip }).catch((error) =>
      request.log.warn({ code: error.code }, 'no message'),
    );
  return reply;
});

app.post('/access/code', texts('code'), async (request, reply) => {
  const to = request.session.get('asked');
  if (!to) return reply.code(422).send({ message: 'Please give your number first.' });
  // By the number, because no answer to this call says whether a code is out there: wrong, ended, unknown are one no.
  const { valid } = await sixdigit('/v1/checks', { to, purpose: 'portal', code: request.body.code });
  if (!valid)
    return reply
      .code(422)
      .send({ message: 'That code is not right, or no longer. You may ask for a new one.' });
  await request.session.regenerate();
  request.session.set('visit', { guest: to, until: Date.now() + VISIT_MS });
  return { next: 'papers' };
});

app.get('/papers', async (request, reply) => {
  const visit = request.session.get('visit');
  const guest = visit && visit.until > Date.now() ? guests.get(visit.guest) : undefined;
  return guest ? { papers: guest.papers } : reply.code(401).send({ message: 'Please ask for a code.' });
});

await listen(app);
