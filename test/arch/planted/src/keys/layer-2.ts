export { audit } from '../audit/thing';
