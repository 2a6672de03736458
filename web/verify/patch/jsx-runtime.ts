/**
 * What JSX becomes in the browser: in place of Preact's own, which the server renders with. The views have no state,
 * no events and no references, so a sixth of Preact's size does: see ADR on the page.
 */
export interface Node {
  readonly type: string | ((props: Props) => Children);
  readonly props: Props;
  readonly key: string | undefined;
}
export type Children = Node | string | number | boolean | null | undefined | readonly Children[];
export interface Props {
  readonly children?: Children;
  readonly [name: string]: unknown;
}

export function jsx(type: Node['type'], props: Props, key?: string | number): Node {
  return { type, props, key: key === undefined ? undefined : String(key) };
}
export { jsx as jsxs };

export const Fragment = ({ children }: Props): Children => children;
