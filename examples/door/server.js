import { createHash, timingSafeEqual } from 'node:crypto';
import { listen, openApp, texts } from './app.js';
import { openSixdigit } from './sixdigit.js';

const app = await openApp();
const sixdigit = openSixdigit();

const sha256 = (text) => createHash('sha256').update(text).digest();
/** Each keypad has a key of its own, which says at which door it is. The reception has one as well. */
const keysOf = {
  north: process.env.NORTH_KEY,
  south: process.env.SOUTH_KEY,
  reception: process.env.RECEPTION_KEY,
};
const holders = Object.entries(keysOf).map(([name, key]) => ({ name, hash: sha256(key ?? '') }));
const doors = ['north', 'south'];

/** Visit number → phone number. Yours are in a database, for as long as the code lives. */
const visits = new Map();

app.addHook('preHandler', async (request, reply) => {
  const given = /^Bearer (.{16,})$/.exec(request.headers.authorization ?? '')?.[1];
  request.holder = given && holders.find(({ hash }) => timingSafeEqual(hash, sha256(given)))?.name;
  if (!request.holder) return reply.code(401).send({ message: 'This device is not known.' });
});

app.post('/invitations', texts('phone', 'door'), async (request, reply) => {
  const { phone, door } = request.body;
  if (request.holder !== 'reception') return reply.code(403).send({ message: 'Only the reception invites.' });
  if (!doors.includes(door)) return reply.code(422).send({ message: 'There is no such door.' });
  const { to } = await sixdigit('/v1/verifications', { to: phone, purpose: `door-${door}` });
  return { visit: visitOf(to) };
});

/** Says who it is, and is no secret: it may stand on the invitation. */
function visitOf(to) {
  const visit = String(1_000 + visits.size);
  visits.set(visit, to);
  return visit;
}

/** Which door it is comes from the keypad's key. What is typed is the code, and whose it is. */
async function open(request, reply, to) {
  const purpose = `door-${request.holder}`;
  const { valid } = await sixdigit('/v1/checks', { to, purpose, code: request.body.code });
  return valid
    ? { open: true }
    : reply.code(422).send({ open: false, message: 'No. Please ask the reception.' });
}

/** For a keypad, or the page of a Wi-Fi, that asks for the number. */
app.post('/open', texts('phone', 'code'), (request, reply) => open(request, reply, request.body.phone));

/** For a keypad with ten keys, that knows nothing but codes: the visit number says whose. */
app.post('/open/visit', texts('visit', 'code'), async (request, reply) => {
  const to = visits.get(request.body.visit);
  if (!to) return reply.code(422).send({ open: false, message: 'No. Please ask the reception.' });
  return open(request, reply, to);
});

await listen(app);
