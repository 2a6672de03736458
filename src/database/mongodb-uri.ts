/** The database when the URI names none; the driver's own default would be `test`. */
const DEFAULT_DATABASE = 'sixdigit';

/** The database that a connection string names in its path. */
export function databaseName(uri: string): string {
  const path = /^mongodb(?:\+srv)?:\/\/[^/]*\/([^?]*)/.exec(uri)?.[1];
  return path ? decodeURIComponent(path) : DEFAULT_DATABASE;
}

/** Takes user name and password out of a text that may quote the connection string or a part of it. */
export function withoutCredentials(text: string, uri: string): string {
  const userInfo = /^mongodb(?:\+srv)?:\/\/(.*)@/.exec(uri)?.[1];
  if (!userInfo) return text;
  const secrets = [uri, userInfo, ...userInfo.split(/:(.*)/)].filter((part) => part !== '');
  return secrets
    .flatMap((part) => [part, decoded(part)])
    .sort((a, b) => b.length - a.length)
    .reduce((result, part) => result.replaceAll(part, '***'), text);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
