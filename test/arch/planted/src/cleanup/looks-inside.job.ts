export { InnerRepository } from '../otp/slots/inner.repository';
