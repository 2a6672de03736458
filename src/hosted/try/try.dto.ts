import { z } from 'zod';

export const tryRedeemSchema = z.strictObject({ result: z.string().min(1).max(200) });
export type TryRedeem = z.infer<typeof tryRedeemSchema>;
