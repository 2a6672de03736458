export const phoneFields = {};
