import type { HttpClient } from '../../common/outbound/http-client';
import { GuardedTcpConnector } from '../../common/outbound/tcp-connector.service';
import type { GatewayTools } from '../../sms/gateway';

/** Tools for a gateway that has no business with the sandbox or with receipts of its own connection. */
export function gatewayTools(http: HttpClient, more: Partial<GatewayTools> = {}): GatewayTools {
  return {
    http,
    tcp: new GuardedTcpConnector({ allowPrivate: true }),
    sandbox: { add: () => Promise.reject(new Error('not for this gateway')) },
    receive: () => Promise.reject(new Error('not for this gateway')),
    ...more,
  };
}
