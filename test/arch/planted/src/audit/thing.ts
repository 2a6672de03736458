export const audit = 'planted';
