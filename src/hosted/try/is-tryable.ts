import { gatewaysOf } from '../../../config/routes';
import type { Settings } from '../../../config/settings';
import { basePathOf } from '../../common/http/base-path';

/**
 * Whether there is a demo: in development, at the root of its host, with the page on, and with messages that go no
 * further than the sandbox.
 */
export function isTryable({ server, sms, hosted }: Pick<Settings, 'server' | 'sms' | 'hosted'>): boolean {
  const goesToSandbox = sms.sandbox && gatewaysOf(sms.routes.sms).every((name) => name === 'console');
  const isAtRoot = basePathOf(server.publicUrl) === '';
  return server.environment === 'development' && isAtRoot && hosted.isOn && goesToSandbox;
}
