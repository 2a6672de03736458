/** A purpose is a fixed word of the application, never data: `login`, `payment`, … */
export const purposePattern = /^[a-z0-9][a-z0-9_-]{0,31}$/;
