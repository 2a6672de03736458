import { gatewaysOf } from '../../../config/routes';
import type { Settings } from '../../../config/settings';

/** Whether there is a demo: in development, with the page on, and with messages that go no further than the sandbox. */
export function isTryable({ server, sms, hosted }: Pick<Settings, 'server' | 'sms' | 'hosted'>): boolean {
  const goesToSandbox = sms.sandbox && gatewaysOf(sms.routes.sms).every((name) => name === 'console');
  return server.environment === 'development' && hosted.isOn && goesToSandbox;
}
