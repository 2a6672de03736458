import type { mongo } from 'mongoose';
import { ReceiptAddresses } from '../../src/otp/deliveries/receipts/links/receipt-addresses.service';
import { ReceiptLinks } from '../../src/otp/deliveries/receipts/links/receipt-links.service';
import { ReceiptReferences } from '../../src/otp/deliveries/receipts/links/receipt-references.repository';
import { aKeyRing } from './key-ring';

/** Gateways with these names get addresses under `https://verify.example.com`. */
export function receiptAddresses(...gateways: string[]): ReceiptAddresses {
  const providers = Object.fromEntries(gateways.map((name) => [name, {}]));
  return new ReceiptAddresses(aKeyRing(), { publicUrl: 'https://verify.example.com' }, { providers });
}

export function receiptLinks(db: mongo.Db, ...gateways: string[]): ReceiptLinks {
  return new ReceiptLinks(receiptAddresses(...gateways), new ReceiptReferences(db));
}
