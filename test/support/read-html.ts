/**
 * Reads a page as strictly as its renderer should write it: every element closed in order, every attribute in quotes, no
 * `<` in texts. What a browser would repair in silence is an error here.
 */
export interface HtmlElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (HtmlElement | string)[];
}

const voids = new Set(['meta', 'link', 'input', 'img', 'br', 'hr']);
/** Their text is no markup. */
const raw = new Set(['script', 'style']);
const tagPattern = /<(\/?)([a-z][a-z0-9]*)((?:\s+[A-Za-z-]+(?:="[^"]*")?)*)\s*(\/?)>/y;

export function readHtml(html: string): HtmlElement {
  return new Reader(html).read();
}

class Reader {
  private readonly root: HtmlElement = { tag: '#root', attributes: {}, children: [] };
  private readonly open = [this.root];
  private at = 0;

  constructor(private readonly html: string) {
    if (html.startsWith('<!doctype html>')) this.at = '<!doctype html>'.length;
  }

  read(): HtmlElement {
    while (this.at < this.html.length) {
      this.text();
      if (this.at < this.html.length) this.tag();
    }
    if (this.open.length > 1) this.fail(`<${this.here.tag}> is not closed`);
    return this.root;
  }

  private get here(): HtmlElement {
    return this.open.at(-1) ?? this.root;
  }

  private fail(why: string): never {
    throw new Error(`${why} at ${this.at}: ${this.html.slice(this.at, this.at + 80)}`);
  }

  private text(): void {
    const isRaw = raw.has(this.here.tag);
    const end = this.html.indexOf(isRaw ? `</${this.here.tag}>` : '<', this.at);
    const text = this.html.slice(this.at, end === -1 ? undefined : end);
    if (text !== '') this.here.children.push(isRaw ? text : decoded(text));
    this.at += text.length;
  }

  private tag(): void {
    tagPattern.lastIndex = this.at;
    const [all, slash, tag = '', attributes = ''] = tagPattern.exec(this.html) ?? this.fail('no tag');
    this.at += all.length;
    if (slash === '/') {
      if (this.open.pop()?.tag !== tag) this.fail(`</${tag}> closes something else`);
      return;
    }
    const element = { tag, attributes: attributesOf(attributes), children: [] };
    this.here.children.push(element);
    if (!voids.has(tag)) this.open.push(element);
  }
}

const attributesOf = (text: string) =>
  Object.fromEntries(
    [...text.matchAll(/([A-Za-z-]+)(?:="([^"]*)")?/g)].map(([, name = '', value = '']) => [
      name.toLowerCase(),
      decoded(value),
    ]),
  );

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };
const decoded = (text: string) =>
  text.replace(/&([a-z]+|#39);/g, (all, name: string) => entities[name] ?? all);

/** It and everything in it, in order. */
export function elementsIn(element: HtmlElement): HtmlElement[] {
  return [
    element,
    ...element.children.flatMap((child) => (typeof child === 'string' ? [] : elementsIn(child))),
  ];
}

export function textOf(element: HtmlElement): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}
