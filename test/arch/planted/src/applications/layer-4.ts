export { thing } from '../otp/thing';
