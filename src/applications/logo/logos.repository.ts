import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { mongo, type Model } from 'mongoose';
import { LOGOS, logoId, type LogoDocument } from './logo.schema';

/** The only holder of the collection `logos`. */
@Injectable()
export class LogosRepository {
  constructor(@InjectModel(LOGOS) private readonly model: Model<LogoDocument>) {}

  /** The picture, also for a while after it was replaced; null when there is none. */
  async find(applicationId: string, hash: string): Promise<Buffer | null> {
    const document = await this.model.findById(logoId(applicationId, hash)).lean<LogoDocument>().exec();
    return document && Buffer.from(document.png.buffer);
  }

  async put(applicationId: string, hash: string, png: Buffer, session: mongo.ClientSession): Promise<void> {
    const stored = { applicationId, png: new mongo.Binary(png), purgeAt: null };
    await this.model.updateOne(
      { _id: logoId(applicationId, hash) },
      { $set: stored },
      { upsert: true, session },
    );
  }

  /** Marks all of an application but this one, or all, as no longer in use. */
  async retire(
    applicationId: string,
    { except, purgeAt }: { readonly except: string | null; readonly purgeAt: Date },
    session: mongo.ClientSession,
  ): Promise<void> {
    const others = except === null ? {} : { _id: { $ne: logoId(applicationId, except) } };
    await this.model.updateMany(
      { applicationId, purgeAt: null, ...others },
      { $set: { purgeAt } },
      { session },
    );
  }
}
