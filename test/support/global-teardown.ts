import { removeTestDatabase } from './global-setup';

export default async function globalTeardown(): Promise<void> {
  await globalThis.sixdigitStopShared?.();
  if (globalThis.sixdigitTestDatabase) await removeTestDatabase(globalThis.sixdigitTestDatabase);
}
