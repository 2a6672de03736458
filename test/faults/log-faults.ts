/** Lines of a log that say that the server itself is at fault. */
export const faultsIn = (log: string): string[] =>
  log.split('\n').filter((line) => /"level":(?:50|60|"error"|"fatal")/.test(line));
