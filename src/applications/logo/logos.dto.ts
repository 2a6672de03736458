import { z } from 'zod';

export const logoAnswer = z
  .strictObject({
    url: z.string().describe('Where anybody can load it; another picture gets another address'),
    width: z.int(),
    height: z.int(),
    bytes: z.int().describe('Of the picture as it is served'),
  })
  .meta({ id: 'Logo' });
export type LogoAnswer = z.infer<typeof logoAnswer>;
