export const phoneAnswer = {};
