export { sms } from '../src/sms/thing';
