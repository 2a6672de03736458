/** The number that calls: one of its own, else the sender of texts when that is a number. */
export function callerOf({
  from,
  voiceFrom,
}: {
  readonly from: string;
  readonly voiceFrom?: string | undefined;
}): string | null {
  return voiceFrom ?? (from.startsWith('+') ? from : null);
}

/** For `missing`: the setting that a gateway lacks to make calls. */
export function missingCaller(settings: Parameters<typeof callerOf>[0]): string[] {
  return callerOf(settings) === null ? ['voiceFrom'] : [];
}
