/**
 * Everything that `import … from 'sixdigit/testing'` finds: for tests of plug-ins, under Jest, Vitest, Mocha and
 * `node:test`. One of the two barrels of the house, with `sixdigit.ts`.
 */
export { gatewayContract, type SubjectUnderTest } from '../testing/contracts/gateway.contract';
export { httpGatewayContract } from '../testing/contracts/http-gateway.contract';
export type { HttpGatewayUnderTest } from '../testing/contracts/started-gateway';
export type { ValidityUnderTest } from '../testing/contracts/validity.contract';
export {
  aReceiptRequest,
  receiptsContract,
  type ReceiptsUnderTest,
} from '../testing/contracts/receipts.contract';
export { aSinkEvent, eventSinkContract, type SinkUnderTest } from '../testing/contracts/event-sink.contract';
export { riskCheckContract, type RiskCheckUnderTest } from '../testing/contracts/risk-check.contract';
export {
  httpRiskCheckContract,
  type HttpRiskCheckUnderTest,
} from '../testing/contracts/http-risk-check.contract';
export { aRiskCall, checkTools } from '../testing/contracts/risk-call';
export { gatewayTools } from '../testing/contracts/gateway-tools';
export { FakeGateway, type FakeAnswer } from '../testing/fakes/fake-gateway';
export { GatewayEmulator, type Behaviour, type SeenRequest } from '../testing/fakes/gateway-emulator';
export { aMessage } from '../testing/message';
export type { Runner } from '../testing/runner';
export { startSixdigit, type StartedSixdigit } from '../testing/started-sixdigit';
