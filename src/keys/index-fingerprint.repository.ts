import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';

const ID = 'index-key';

interface IndexFingerprintDocument {
  _id: string;
  fingerprint: string;
  createdAt: Date;
}

/** The one document of `server_identity`: which index key this database was filled with. */
@Injectable()
export class IndexFingerprintRepository {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** Stores `fingerprint` if the database has none yet; gives the one it has. Safe when several servers start at once. */
  async claim(fingerprint: string): Promise<string> {
    const identities = this.connection.collection<IndexFingerprintDocument>('server_identity');
    const document = await identities.findOneAndUpdate(
      { _id: ID },
      { $setOnInsert: { fingerprint, createdAt: new Date() } },
      { upsert: true, returnDocument: 'after', writeConcern: { w: 'majority', j: true } },
    );
    if (!document) throw new Error('an upsert gave no document');
    return document.fingerprint;
  }

  /** The one that the database has; null: it was never filled. */
  async stored(): Promise<string | null> {
    const identities = this.connection.collection<IndexFingerprintDocument>('server_identity');
    return (await identities.findOne({ _id: ID }))?.fingerprint ?? null;
  }
}
