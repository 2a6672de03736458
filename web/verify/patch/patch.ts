import type { Children, Node as Wanted, Props } from './jsx-runtime';

/** What an element was made from, to know what to take away; what others set on it stays. */
const made = new WeakMap<Element, Wanted>();
/** Set by the browser, or by the script on its own: never taken for an attribute. */
const properties = ['value', 'checked', 'selected'];
const ignored = ['children', 'autoFocus'];

/** Makes what is in an element what it should be, by as little as possible: what has the focus keeps it. */
export function patch(parent: Element, children: Children): void {
  let here = parent.firstChild;
  for (const child of flat(children)) {
    const node = matching(here, child) ?? create(child);
    if (node === here) here = node.nextSibling;
    else parent.insertBefore(node, here);
    update(node, child);
  }
  while (here !== null) {
    const next = here.nextSibling;
    here.remove();
    here = next;
  }
}

/** Components called, fragments opened, what shows nothing left out, texts that touch made one. */
function flat(children: Children): (Wanted | string)[] {
  const found: (Wanted | string)[] = [];
  const add = (child: Children): void => {
    if (Array.isArray(child)) (child as readonly Children[]).forEach(add);
    else if (typeof child === 'string' || typeof child === 'number') {
      const before = found.at(-1);
      if (typeof before === 'string') found[found.length - 1] = before + String(child);
      else if (child !== '') found.push(String(child));
    } else if (isNode(child)) {
      if (typeof child.type === 'string') found.push(child);
      else add(child.type(child.props));
    }
  };
  add(children);
  return found;
}

const isNode = (child: Children): child is Wanted =>
  typeof child === 'object' && child !== null && 'type' in child;

/** Here or further on; what the server made has no key yet, and is taken over. */
function matching(from: ChildNode | null, child: Wanted | string): ChildNode | null {
  for (let node = from; node !== null; node = node.nextSibling) if (fits(node, child)) return node;
  return null;
}

function fits(node: ChildNode, child: Wanted | string): boolean {
  if (!(node instanceof Element)) return typeof child === 'string' && node instanceof Text;
  if (typeof child === 'string' || node.localName !== child.type) return false;
  const before = made.get(node);
  return before === undefined || before.key === child.key;
}

const create = (child: Wanted | string): ChildNode =>
  typeof child === 'string' ? document.createTextNode('') : document.createElement(child.type as string);

function update(node: ChildNode, child: Wanted | string): void {
  if (typeof child === 'string') {
    if (node.nodeValue !== child) node.nodeValue = child;
  } else if (node instanceof Element) {
    const before = made.get(node)?.props ?? {};
    made.set(node, child);
    for (const name of Object.keys(before)) if (!(name in child.props)) set(node, name, undefined);
    // Children first: the value of a list is one of its options.
    if ('children' in child.props) patch(node, child.props.children);
    setAll(node, before, child.props);
  }
}

function setAll(element: Element, before: Props, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    const isProperty = properties.includes(name);
    if (isProperty || before[name] !== value) set(element, name, value);
  }
}

function set(element: Element, name: string, value: unknown): void {
  if (ignored.includes(name)) return;
  const isProperty = properties.includes(name) && name in element && element.localName !== 'button';
  if (isProperty) setProperty(element as unknown as Record<string, unknown>, name, value ?? '');
  else if (typeof value === 'string' || typeof value === 'number') element.setAttribute(name, String(value));
  else element.toggleAttribute(name, value === true);
}

/** Only what differs: setting a value that is there already would move the caret. */
function setProperty(target: Record<string, unknown>, name: string, value: unknown): void {
  if (target[name] !== value) target[name] = value;
}
