import type { View } from '../contract';
import { fieldOf } from '../views/problem';

const focusable = (root: Element, selector: string) => root.querySelector<HTMLElement>(selector);

/** What has the focus, in a shadow root too. */
function focused(root: Element): Element | null {
  const home = root.getRootNode() as Document | ShadowRoot;
  const element = home.activeElement;
  return element !== null && root.contains(element) ? element : null;
}

/** After another screen came: the field to type in, or the heading, so that it is read. */
export function focusScreen(root: Element, { screen }: View): void {
  focusable(root, screen === 'code' ? 'input[name=code]' : '.sd-title')?.focus();
}

/** After an answer with a problem: its field, with what was typed selected, so that typing replaces it. */
export function focusProblem(root: Element, problem: View['problem'], view: View): void {
  const field = fieldOf(problem);
  if (field === null) return;
  const selector =
    field === 'country' ? (view.countries?.length === 1 ? '[name=number]' : '.sd-select') : `[name=${field}]`;
  const element = focusable(root, selector);
  element?.focus();
  if (field === 'code' && element instanceof HTMLInputElement) element.select();
}

/** A button that was pressed is gone: what took its place. */
export function focusWait(root: Element): void {
  if (focused(root) === null) focusable(root, '.sd-wait')?.focus();
}
