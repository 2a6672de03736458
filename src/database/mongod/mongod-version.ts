/** What the tests run on, and what every server that its makers still look after is at least. */
const OLDEST_SUPPORTED: Version = [6, 0, 0];

/** Major, minor, patch. */
export type Version = readonly [number, number, number];

/** Finds the version in `mongod --version` output, a file name or `buildInfo.version`; null when there is none. */
export function parseVersion(text: string): Version | null {
  const match = /(\d+)\.(\d+)\.(\d+)/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : null;
}

/** Negative when a is older than b, as for `Array.sort`. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

export function isSupported(version: Version): boolean {
  return compareVersions(version, OLDEST_SUPPORTED) >= 0;
}

/** Binaries of a cache folder (`mongod-7.0.24`), newest first; anything else in it is left out. */
export function cachedBinaries(fileNames: readonly string[]): string[] {
  const versionOf = (name: string): Version => parseVersion(name) ?? [0, 0, 0];
  return fileNames
    .filter((name) => /^mongod-\d+\.\d+\.\d+$/.test(name))
    .sort((a, b) => compareVersions(versionOf(b), versionOf(a)));
}
