import { ReceiptAddresses } from '../../src/otp/deliveries/receipts/links/receipt-addresses.service';
import { aKeyRing } from './key-ring';

/** Gateways with these names get addresses under `https://verify.example.com`. */
export function receiptAddresses(...names: string[]): ReceiptAddresses {
  const gateways = Object.fromEntries(names.map((name) => [name, {}]));
  return new ReceiptAddresses(aKeyRing(), { publicUrl: 'https://verify.example.com' }, { gateways });
}
