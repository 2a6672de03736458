import type { OnBehalf } from './verification';

/** As the first start names it. */
const DEFAULT_APPLICATION_ID = 'default';

export const applicationOf = ({ applicationId = DEFAULT_APPLICATION_ID }: OnBehalf): string => applicationId;
