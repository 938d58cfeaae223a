/**
 * XML documents of S3 and their API shapes. Element and member names differ for lists (`<Rule>` is an item of `Rules`),
 * and everything in XML is text, so each document is described once and read and written by that description.
 */
import { isRecord } from '../../input.ts';
import { childrenOf, type XmlElement, type XmlValue } from '../../protocols/xml.ts';
import { AwsError, type Json } from '../../types.ts';

export type Shape = 'text' | 'number' | 'flag' | Structure;
/** By element name. */
export type Structure = { [element: string]: Shape | List };

/** A list: the element itself repeats and is the member `as`, or (no `as`) it holds one `element` an item. */
export class List {
  readonly of: Shape;
  readonly as: string | undefined;
  readonly element: string;
  constructor(of: Shape, names: { as?: string; element?: string }) {
    this.of = of;
    this.as = names.as;
    this.element = names.element ?? '';
  }
}

export function malformedXml(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

/** An element as an API structure. Throws MalformedXML for elements the shape does not have. */
export function readStructure(element: XmlElement, shape: Structure): { [member: string]: Json } {
  const result: { [member: string]: Json } = {};
  for (const name of new Set(element.children.map((child) => child.name))) {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (field === undefined) throw malformedXml();
    const found = childrenOf(element, name);
    const [first, ...more] = found;
    if (field instanceof List && field.as !== undefined)
      result[field.as] = found.map((item) => readValue(item, field.of));
    else if (!first || more.length > 0) throw malformedXml();
    else if (field instanceof List) result[name] = readItems(first, field);
    else result[name] = readValue(first, field);
  }
  return result;
}

function readItems(element: XmlElement, { element: name, of }: List): Json[] {
  if (element.children.some((item) => item.name !== name)) throw malformedXml();
  return element.children.map((item) => readValue(item, of));
}

function readValue(element: XmlElement, shape: Shape): Json {
  if (typeof shape === 'object') return readStructure(element, shape);
  const text = element.text.trim();
  if (shape === 'text') return text;
  if (shape === 'flag' && (text === 'true' || text === 'false')) return text === 'true';
  if (shape === 'number' && /^-?\d+$/.test(text)) return Number(text);
  throw malformedXml();
}

/** An API structure as XML elements, in the order of the shape. */
export function writeStructure(value: unknown, shape: Structure): XmlValue {
  if (!isRecord(value)) return {};
  const written: { [name: string]: XmlValue } = {};
  for (const [name, field] of Object.entries(shape)) {
    const member = value[field instanceof List ? (field.as ?? name) : name];
    if (member === undefined) continue;
    if (field instanceof List) {
      const items = (Array.isArray(member) ? member : []).map((item) => writeValue(item, field.of));
      written[name] = field.as === undefined ? { [field.element]: items } : items;
    } else written[name] = writeValue(member, field);
  }
  return written;
}

function writeValue(value: unknown, shape: Shape): XmlValue {
  return typeof shape === 'object' ? writeStructure(value, shape) : String(value);
}
