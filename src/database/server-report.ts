import { isSupported, parseVersion } from './mongod/mongod-version';

/** What a server says about itself; the parts that it refused to tell are null. */
export interface ServerReport {
  /** Answer to `hello`. */
  readonly hello: {
    readonly setName?: string;
    /** `isdbgrid` for a mongos. */
    readonly msg?: string;
    readonly isWritablePrimary?: boolean;
    readonly arbiters?: readonly string[];
  };
  /** `buildInfo.version` */
  readonly version: string;
  /** `defaultWriteConcern.w` of `getDefaultRWConcern` */
  readonly defaultWriteConcern: string | number | null;
  /** `writeConcernMajorityJournalDefault` of the replica set's configuration. */
  readonly majorityIsJournaled: boolean | null;
}

export interface Assessment {
  /** Why this server cannot be used, with the remedy; null when it can. */
  readonly problem: string | null;
  /** What makes it less safe or less available than it should be. */
  readonly warnings: readonly string[];
}

/** Judges a server that answered. */
export function assessServer(report: ServerReport): Assessment {
  return { problem: problemOf(report), warnings: warningsOf(report) };
}

function problemOf({ hello, version }: ServerReport): string | null {
  const parsed = parseVersion(version);
  if (!parsed || !isSupported(parsed)) {
    return `The server of MONGODB_URI is MongoDB ${version}; 6.0 is the oldest that works. Upgrade it.`;
  }
  const isMongos = hello.msg === 'isdbgrid';
  if (!hello.setName && !isMongos) {
    return (
      'The server of MONGODB_URI is not a replica set: acknowledged codes could be lost. Start mongod with ' +
      '--replSet and run rs.initiate() once; one member is enough.'
    );
  }
  if (hello.isWritablePrimary !== true) {
    return 'MONGODB_URI leads to a member that takes no writes. Name the whole set, without directConnection.';
  }
  return null;
}

function warningsOf(report: ServerReport): string[] {
  const warnings: string[] = [];
  const arbiters = report.hello.arbiters ?? [];
  if (arbiters.length > 0) {
    warnings.push(
      `The replica set has ${arbiters.length} arbiter(s): with one data member down no majority can confirm a ` +
        'write, and every request is answered 503. Use data members only.',
    );
  }
  if (report.defaultWriteConcern !== null && report.defaultWriteConcern !== 'majority') {
    warnings.push(
      `The default write concern of the server is ${JSON.stringify(report.defaultWriteConcern)}. Sixdigit asks ` +
        'for majority by itself; other tools that write to this database may lose what they wrote.',
    );
  }
  if (report.majorityIsJournaled === false) {
    warnings.push(
      'writeConcernMajorityJournalDefault is false: a power failure of several members can lose acknowledged ' +
        'codes. Set it to true.',
    );
  }
  return warnings;
}
