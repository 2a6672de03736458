/** A send and what it is charged: written together, or not at all. */
import { NotAboard } from '../../../common/mongo/ride';
import type { Admitted } from '../operation';
import type { Admission } from './admission.service';

/** A send that the gates have judged. */
interface Judged<Answer> {
  /** What it would come to, if it is refused. */
  foresee(): Promise<Answer>;
  write(admitted: Pick<Admitted, 'payment' | 'rider'>): Promise<Answer>;
}

/** Writes a send together with its charge, or behind it, where others were charged meanwhile. */
export async function written<Answer>(
  admission: Admission,
  send: Judged<Answer>,
): Promise<{ readonly answered: Answer; readonly admission: Admission }> {
  if (admission.refusal) return { admission, answered: await send.foresee() };
  const { payment, reservation } = admission;
  try {
    return { admission, answered: await send.write({ payment, rider: reservation?.rider ?? null }) };
  } catch (error) {
    if (error instanceof NotAboard) return await written(await admission.charge(), send);
    // Nobody has sent. Should the slot have been written all the same, a job sends, and pays for that itself.
    payment?.giveBack();
    throw error;
  } finally {
    // A repeat of a call that was written before takes nothing along.
    reservation?.abandon();
  }
}
