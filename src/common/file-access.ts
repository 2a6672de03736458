/** What `stat` says of a file. */
export interface FileAccess {
  /** The account that owns it. */
  readonly uid: number;
  readonly mode: number;
}

const ROOT = 0;

/**
 * Whether other accounts of the machine get at a file with secrets, and the remedy; null when they do not. A file of
 * our own is for us alone. One that belongs to somebody else, such as one that a platform mounts for us as root, may
 * be read by its group, because that is how we read it; PostgreSQL judges its keys in the same way.
 * @param ownUid the account that this process runs as; undefined where there are none (Windows)
 */
export function exposure({ uid, mode }: FileAccess, ownUid: number | undefined): string | null {
  if (ownUid === undefined) return null;
  const isOwn = uid === ownUid && uid !== ROOT;
  if ((mode & (isOwn ? 0o077 : 0o037)) === 0) return null;
  const shown = (mode & 0o777).toString(8).padStart(4, '0');
  return `other accounts of this machine get at it (mode ${shown}); try: chmod ${isOwn ? '600' : '640'}`;
}
