import { clientSettings, environmentWith, mongoSettings } from '../../../config/client-settings';
import { CliExit } from '../exit-codes';
import { show } from '../terminal/terminal.service';
import { lookAtDatabase } from './checks/database.service';
import { askGateways, lookAtRoutes } from './checks/gateways.service';
import { lookAtKeys } from './checks/keys.service';
import { lookAtSettings, type SettingsReport } from './checks/settings.service';
import { lookAtMachine, lookAtOutbound, lookAtPublicUrl } from './checks/surroundings.service';
import type { DoctorOptions } from './doctor';
import { about, type Finding, findingsWords, hasProblem } from './finding';

export async function doctor(options: DoctorOptions): Promise<void> {
  const report = await lookAtSettings();
  const timeoutMs = options.timeout * 1_000;
  // What these need is read by itself, so that one wrong setting elsewhere does not hide them.
  const mongo = report.prepared?.settings.mongo ?? mongoSettings();
  const keys = lookAtKeys(clientSettings());
  const findings = [
    ...report.findings,
    ...keys.findings,
    ...(await lookAtDatabase(mongo, keys, timeoutMs)),
    ...(await withSettings(report, options)),
  ];
  const isOk = !hasProblem(findings);
  show(options, { ok: isOk, findings }, () => findingsWords(findings));
  if (!isOk) process.exitCode = CliExit.failed;
}

async function withSettings({ prepared }: SettingsReport, options: DoctorOptions): Promise<Finding[]> {
  if (prepared === null)
    return [about('gateways').skipped('also the way out and this machine: correct the settings first')];
  const { settings, extensions } = prepared;
  const here = [...lookAtRoutes(settings), ...lookAtOutbound(settings), ...lookAtMachine(settings)];
  if (options.offline === true)
    return [...here, about('outbound').skipped('nobody was called (--offline): gateways, PUBLIC_URL')];
  const timeoutMs = options.timeout * 1_000;
  const [asked, found] = await Promise.all([
    askGateways({ settings, extensions, timeoutMs }),
    // Without one of its own it is a guess, and nobody outside relies on it.
    environmentWith()['PUBLIC_URL'] ? lookAtPublicUrl(settings.server, timeoutMs) : [],
  ]);
  return [...here, ...asked, ...found];
}
