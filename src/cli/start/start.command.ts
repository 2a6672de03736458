import { runServer } from '../../start';

export function start(): Promise<void> {
  return runServer(process);
}
