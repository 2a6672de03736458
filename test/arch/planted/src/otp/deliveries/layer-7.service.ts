export { verifications } from '../verifications/thing';
