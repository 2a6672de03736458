import { holdsLink, LINK_REMEDY } from './templates/link';

/**
 * Why a payee cannot be shown by an application with these settings, or null. The same that is asked of templates: a
 * payee is often what a stranger typed as the name of a shop, and people should learn that codes come without links.
 */
export function payeeIssue(
  { payee }: { readonly payee: string },
  { allowLinks = false }: { readonly allowLinks?: boolean },
): string | null {
  return allowLinks || !holdsLink(payee) ? null : LINK_REMEDY;
}
