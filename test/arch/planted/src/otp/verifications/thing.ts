export const verifications = 'planted';
