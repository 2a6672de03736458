/** What an application may set about its sends: each family of rules owns its part. */
import type { CountSettings } from './counts/limit';

export type SendSettings = CountSettings;
