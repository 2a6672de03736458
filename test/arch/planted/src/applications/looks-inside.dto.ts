export { phoneAnswer } from '../phone/answers.dto';
