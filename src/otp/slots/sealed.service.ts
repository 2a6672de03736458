import { Injectable } from '@nestjs/common';
import { KeyRing } from '../../keys/key-ring.service';
import type { Personal } from './personal';
import type { VerificationRecord } from './slot';

/** Seals and opens what the slot keeps of a person: the code while it lives, the number and its company until 24 h after the end. */
@Injectable()
export class SealedService {
  constructor(private readonly keys: KeyRing) {}

  seal(
    kid: string,
    slotId: string,
    verificationId: string,
    code: string,
    personal: Personal,
  ): { sealed: Buffer; personal: Buffer } {
    const bind = (field: 'code' | 'personal') => ({ slotId, field, verificationId });
    return {
      sealed: this.keys.seal(kid, bind('code'), code),
      personal: this.keys.seal(kid, bind('personal'), JSON.stringify(personal)),
    };
  }

  /** To be awaited before opening: with a key that was added a moment ago the ring is read again, at once. */
  async ready({ kid, personal }: Pick<VerificationRecord, 'kid' | 'personal'>): Promise<void> {
    if (personal && !this.keys.knows(kid)) await this.keys.reload();
  }

  /** Null once removed. */
  openPersonal(slotId: string, record: Pick<VerificationRecord, 'id' | 'kid' | 'personal'>): Personal | null {
    if (!record.personal || !this.keys.knows(record.kid)) return null;
    const binding = { slotId, field: 'personal' as const, verificationId: record.id };
    return JSON.parse(this.keys.open(record.kid, binding, record.personal).toString()) as Personal;
  }

  /** Null when the verification has ended, or when only another instance has its key yet. */
  openCode(slotId: string, record: Pick<VerificationRecord, 'id' | 'kid' | 'sealed'>): string | null {
    if (!record.sealed || !this.keys.knows(record.kid)) return null;
    const binding = { slotId, field: 'code' as const, verificationId: record.id };
    return this.keys.open(record.kid, binding, record.sealed).toString();
  }
}
