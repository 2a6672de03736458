import fc from 'fast-check';
import {
  readerOf,
  receiptsContract as shippedContract,
  type ReceiptsUnderTest,
} from '../../src/testing/contracts/receipts.contract';
import { anyText } from '../builders/any-text';

export { aReceiptRequest } from '../../src/testing/contracts/receipts.contract';

const NOW = Date.UTC(2026, 5, 1, 12);

/** What `sixdigit/testing` has for authors of plug-ins, and bodies that nobody thought of. */
export function receiptsContract<Config>(vendor: ReceiptsUnderTest<Config>): void {
  shippedContract(vendor);
  it('receipts never throw, whatever an authentic body holds', async () => {
    const read = readerOf(vendor);
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyText(), fc.json()), async (text) => {
        const { kind } = await read(await vendor.authentic(text, NOW));
        expect(['receipts', 'malformed', 'handshake', 'forged']).toContain(kind);
      }),
      { numRuns: 200 },
    );
  });
}
