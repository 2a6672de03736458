export { InnerRepository } from '../otp/inner.repository';
