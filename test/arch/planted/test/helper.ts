export const helper = 'planted';
