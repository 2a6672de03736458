/** The keys without a value, of those that are named. */
export function absent<Settings extends object>(
  settings: Settings,
  ...keys: (keyof Settings & string)[]
): string[] {
  return keys.filter((key) => settings[key] === undefined);
}
