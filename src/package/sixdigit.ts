export { createSixdigit, type SixdigitOptions } from './create-sixdigit';
