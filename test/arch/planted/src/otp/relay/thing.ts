export const relay = 'planted';
