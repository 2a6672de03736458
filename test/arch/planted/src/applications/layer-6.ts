export { relay } from '../otp/relay/thing';
