import { removeTestDatabase } from './global-setup';

export default async function globalTeardown(): Promise<void> {
  if (globalThis.sixdigitTestDatabase) await removeTestDatabase(globalThis.sixdigitTestDatabase);
}
