/** Sixdigit as the application, with a module of yours in it: one container, one port. */
import 'reflect-metadata';
import { createSixdigit } from 'sixdigit';
import { PhoneModule } from './phone.module.js';
import { withSessions } from './sessions.js';

const { APP_PORT = '4000', ...env } = process.env;
const app = await createSixdigit({ env, imports: [PhoneModule] });
await withSessions(app);
app.enableShutdownHooks();
await app.listen(Number(APP_PORT), '127.0.0.1');
console.log(`Example listening at ${await app.getUrl()}`);
