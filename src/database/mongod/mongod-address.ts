/** Where a mongod listens, and nowhere else: a port of 127.0.0.1, or the path of a Unix socket. */
export type MongodAddress = { readonly port: number } | { readonly socket: string };

/** As a replica set names its member. */
export function memberHost(address: MongodAddress): string {
  return 'port' in address ? `127.0.0.1:${address.port}` : address.socket;
}

/**
 * One member, addressed directly. The driver's search for members would fail on a socket: it writes their hosts in
 * small letters, and paths have others, too.
 */
export function directUri(address: MongodAddress, database = ''): string {
  const host = 'port' in address ? memberHost(address) : encodeURIComponent(address.socket);
  return `mongodb://${host}/${database}?directConnection=true`;
}

/** Of mongod itself. Without `--nounixsocket` it would open one in /tmp as well. */
export function listenArguments(address: MongodAddress): string[] {
  if ('port' in address) return ['--port', String(address.port), '--bind_ip', '127.0.0.1', '--nounixsocket'];
  return ['--bind_ip', address.socket, '--nounixsocket', '--filePermissions', '0600'];
}

/** The kernel's limit is 107 bytes on Linux and 103 on macOS; one rule for both. */
const LONGEST_PATH = 103;

/** Whether mongod, its configuration and the driver all take this path: their lists are divided by commas. */
export function isSocketPath(path: string): boolean {
  return Buffer.byteLength(path) <= LONGEST_PATH && /^\/[\w./@+-]+$/.test(path);
}
