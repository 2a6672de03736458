export const sms = 'planted';
