import { toLearn } from '../cli/words';

export const learnt = toLearn;
