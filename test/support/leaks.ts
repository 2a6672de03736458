import type { mongo } from 'mongoose';

/** Looks for a secret in bytes, in every form in which it could have been written there by accident. */
export class LeakFinder {
  private readonly needles: { readonly form: string; readonly bytes: Buffer }[] = [];

  /** Text as it is, and as hex, base64 and a JSON or URL escape of it. */
  text(name: string, value: string): this {
    const bytes = Buffer.from(value);
    this.add(name, bytes);
    this.add(`${name} in hex`, Buffer.from(bytes.toString('hex')));
    this.add(`${name} in base64`, Buffer.from(bytes.toString('base64').replace(/=+$/, '')));
    if (encodeURIComponent(value) !== value)
      this.add(`${name} in a URL`, Buffer.from(encodeURIComponent(value)));
    return this;
  }

  /** Digits, also as the numbers of BSON. */
  digits(name: string, value: string): this {
    const double = Buffer.alloc(8);
    double.writeDoubleLE(Number(value));
    const long = Buffer.alloc(8);
    long.writeBigInt64LE(BigInt(value));
    this.add(`${name} as a double`, double);
    this.add(`${name} as an integer`, long);
    return this.text(name, value);
  }

  /** A phone number: with and without plus, and without its country. */
  phone(e164: string, national: string): this {
    return this.digits('the number', e164.slice(1)).digits('the national number', national);
  }

  /** The forms that are found in there. */
  in(haystack: string | Buffer): string[] {
    const bytes = typeof haystack === 'string' ? Buffer.from(haystack) : haystack;
    return this.needles.filter((needle) => bytes.includes(needle.bytes)).map(({ form }) => form);
  }

  private add(form: string, bytes: Buffer): void {
    this.needles.push({ form, bytes });
  }
}

/** Every document of every collection, as the bytes that are stored. */
export async function dump(db: mongo.Db): Promise<Map<string, Buffer[]>> {
  const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  const read = async (name: string): Promise<[string, Buffer[]]> => {
    const documents = await db.collection(name).find({}, { raw: true }).sort({ _id: 1 }).toArray();
    return [name, documents as unknown as Buffer[]];
  };
  return new Map(await Promise.all(names.sort().map(read)));
}
