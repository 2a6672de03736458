export { phoneFields } from '../phone/phone-policy.dto';
