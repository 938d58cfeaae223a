/** A small XML reader and writer: as much as the AWS wire formats need (no DTDs, no processing instructions). */

export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  /** Concatenated character data directly inside this element. */
  text: string;
}

const TOKEN =
  /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<\/([^\s>]+)\s*>|<([^\s/>]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>|([^<]+)/g;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Parses a document into its root element, namespace prefixes dropped from element names. Throws on malformed input. */
export function parseXml(source: string): XmlElement {
  const top: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open: XmlElement[] = [top];
  let position = 0;
  for (const match of source.matchAll(TOKEN)) {
    if (match.index !== position) throw new Error(`malformed XML at offset ${position}`);
    position = match.index + match[0].length;
    const current = open.at(-1);
    if (!current) throw new Error('malformed XML: text after the root element');
    const [, cdata, closing, opening, attributes, selfClosing, text] = match;
    if (cdata !== undefined) current.text += cdata;
    else if (text !== undefined) current.text += unescapeXml(text);
    else if (closing !== undefined) {
      if (open.length === 1 || current.name !== localName(closing))
        throw new Error(`malformed XML: stray </${closing}>`);
      open.pop();
    } else if (opening !== undefined) {
      const element: XmlElement = { name: localName(opening), attributes: {}, children: [], text: '' };
      for (const [, name = '', double, single] of (attributes ?? '').matchAll(ATTRIBUTE)) {
        element.attributes[name] = unescapeXml(double ?? single ?? '');
      }
      current.children.push(element);
      if (!selfClosing) open.push(element);
    }
  }
  const root = top.children[0];
  if (position !== source.length || open.length !== 1 || !root || top.children.length !== 1) {
    throw new Error('malformed XML: not exactly one complete root element');
  }
  return root;
}

/** First child element of that name. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((candidate) => candidate.name === name);
}

/** All child elements of that name, for flattened lists. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((candidate) => candidate.name === name);
}

/** Text of the first child of that name. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return child(element, name)?.text;
}

/** What can be written: objects become nested elements, arrays repeat their element (a flattened list), undefined is left out. */
export type XmlValue = undefined | string | number | boolean | Date | XmlValue[] | { [name: string]: XmlValue };

/** Writes `<name …>value</name>` without the XML declaration; keys beginning with `@` become attributes. */
export function writeXml(name: string, value: XmlValue, attributes: Record<string, string> = {}): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => writeXml(name, item, attributes)).join('');
  const all = { ...attributes };
  let inner = '';
  if (typeof value === 'object' && !(value instanceof Date)) {
    for (const [key, member] of Object.entries(value)) {
      if (key.startsWith('@')) all[key.slice(1)] = String(member);
      else inner += writeXml(key, member);
    }
  } else {
    inner = escapeXml(value instanceof Date ? value.toISOString() : String(value));
  }
  const written = Object.entries(all).map(([key, text]) => ` ${key}="${escapeXml(text)}"`);
  return `<${name}${written.join('')}>${inner}</${name}>`;
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;');
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(#x?[\da-fA-F]+|\w+);/g, (whole, entity: string) => {
    if (entity.startsWith('#x')) return String.fromCodePoint(Number.parseInt(entity.slice(2), 16));
    if (entity.startsWith('#')) return String.fromCodePoint(Number.parseInt(entity.slice(1), 10));
    return ENTITIES[entity] ?? whole;
  });
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
