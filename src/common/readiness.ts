/** What a probe found: `details` may be shown to anybody who can reach the port. */
export interface ProbeResult {
  readonly ok: boolean;
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** One condition for taking traffic. `check` may reject and may hang: it is bounded by the caller. */
export interface ReadinessProbe {
  /** Shown in `/health/ready`, e.g. `jobs`. */
  readonly name: string;
  check(): Promise<ProbeResult>;
}

/** The probes of all features. Lives in common, so that a feature adds its own without knowing who asks. */
export class Readiness {
  private readonly list: ReadinessProbe[] = [];

  add(probe: ReadinessProbe): void {
    this.list.push(probe);
  }

  get probes(): readonly ReadinessProbe[] {
    return this.list;
  }
}
