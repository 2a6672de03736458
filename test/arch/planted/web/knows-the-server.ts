import { audit } from '../src/audit/thing';

export const seen = audit;
