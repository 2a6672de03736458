/** The session of a visitor of the demo: which process is theirs, as a company's backend would keep it. */

/** @param id made by us: letters, digits, `-` and `_` */
export function visitCookie(id: string): string {
  return `sdt-visit=${id}; Path=/try; Max-Age=3600; HttpOnly; SameSite=Lax`;
}

export function readVisit(header: string | undefined): string | undefined {
  return /(?:^|;\s*)sdt-visit=([\w-]+)/.exec(header ?? '')?.[1];
}
