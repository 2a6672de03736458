import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { KeysModule } from '../../../../keys/keys.module';
import { ReceiptAddresses } from './receipt-addresses.service';
import { ReceiptLinks } from './receipt-links.service';
import { ReceiptReferences } from './receipt-references.repository';
import { RECEIPT_REFERENCES, receiptReferencesSchema } from './receipt-references.schema';

/** The sending side of receipts. Registering the schema lets the index be ensured at start. */
@Module({
  imports: [
    KeysModule,
    MongooseModule.forFeature([{ name: RECEIPT_REFERENCES, schema: receiptReferencesSchema }]),
  ],
  providers: [ReceiptAddresses, ReceiptLinks, ReceiptReferences],
  exports: [ReceiptAddresses, ReceiptLinks, ReceiptReferences],
})
export class ReceiptLinksModule {}
