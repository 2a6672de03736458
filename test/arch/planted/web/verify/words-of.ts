import { languages } from './languages';

export const words = languages;
