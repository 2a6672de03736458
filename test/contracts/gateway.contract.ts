import { httpGatewayContract as shippedContract } from '../../src/testing/contracts/http-gateway.contract';
import {
  startHttpGateway,
  type HttpGatewayUnderTest as ShippedUnderTest,
} from '../../src/testing/contracts/started-gateway';
import { twoSenders } from '../../src/testing/contracts/senders.contract';
import { limitsContract, type LimitUnderTest } from './limits.contract';

export { gatewayTools } from '../../src/testing/contracts/gateway-tools';

/** One gateway over HTTP, and how its vendor speaks. */
export interface HttpGatewayUnderTest<Config> extends ShippedUnderTest<Config> {
  /** Answers that ask to slow down, where the limit is not always that of the account. */
  readonly limits?: readonly LimitUnderTest[];
}

/** What `sixdigit/testing` has for authors of plug-ins, and how what we ship behaves with the router around it. */
export function httpGatewayContract<Config>(gateway: HttpGatewayUnderTest<Config>): void {
  shippedContract(gateway);
  limitsContract(
    gateway,
    (channel) => twoSenders(gateway, channel),
    (more) => startHttpGateway(gateway, more),
  );
}
