export const scopes = [
  'verifications:write',
  'verifications:read',
  'recipients:unlock',
  'audit:read',
  'sandbox:read',
  'messages:preview',
  'statistics:read',
] as const;
/** What an API key may do. */
export type Scope = (typeof scopes)[number];
