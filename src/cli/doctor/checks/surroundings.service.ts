import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { proxyVariables } from '../../../../config/client-settings';
import type { ServerSettings, Settings } from '../../../../config/settings';
import { connectionLimit, descriptorsIn } from '../../../common/http/connections/limits';
import { about, type Finding } from '../finding';
import { judgeDescriptors, judgeDisk } from '../judgements';

/** What the machine gives. */
export function lookAtMachine({ server, mongo }: Settings): Finding[] {
  const descriptors = descriptorsIn(procLimits());
  const served = connectionLimit(server.maxConnections, descriptors);
  const files = judgeDescriptors(descriptors, server.maxConnections, served);
  if (mongo.uri !== null) return [files];
  const { bavail, bsize } = statfsSync(nearestFolder(mongo.dataDir));
  return [files, judgeDisk(mongo.dataDir, bavail * bsize)];
}

/** What holds for all calls to the outside. */
export function lookAtOutbound({ server, outbound }: Settings): Finding[] {
  const area = about('outbound');
  const rule =
    server.isProduction && outbound.allowPrivate
      ? area.warning(
          'gateways may live at private addresses (OUTBOUND_ALLOW_PRIVATE): only for one in your own network',
        )
      : area.ok(`private addresses are ${outbound.allowPrivate ? 'allowed' : 'refused'}`);
  const proxies = proxyVariables();
  if (proxies.length === 0) return [rule];
  return [
    rule,
    area.warning(
      `${proxies.join(', ')} is set and not used: calls to gateways go straight; open the firewall for them`,
    ),
  ];
}

/** Whether people and vendors find the server where the settings say. */
export async function lookAtPublicUrl(server: ServerSettings, timeoutMs: number): Promise<Finding[]> {
  const area = about('PUBLIC_URL');
  const { publicUrl, isProduction } = server;
  const plain = isProduction && publicUrl.startsWith('http://');
  const tls = plain ? [area.warning(`${publicUrl} is not encrypted: put TLS in front, and say https`)] : [];
  try {
    const response = await fetch(`${publicUrl}/health/live`, { signal: AbortSignal.timeout(timeoutMs) });
    await response.body?.cancel();
    if (response.ok) return [...tls, area.ok(`${publicUrl} answers`)];
    return [
      ...tls,
      area.warning(`${publicUrl}/health/live answers ${response.status}: is Sixdigit behind it?`),
    ];
  } catch {
    const remedy =
      'start the server; else check name, certificate and proxy, or receipts and links lead nowhere';
    return [...tls, area.warning(`${publicUrl} cannot be reached from here: ${remedy}`)];
  }
}

/** Null where the system has no such file. */
function procLimits(): string | null {
  return existsSync('/proc/self/limits') ? readFileSync('/proc/self/limits', 'utf8') : null;
}

function nearestFolder(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}
