import { words } from './words-of';

export const shown = words;
