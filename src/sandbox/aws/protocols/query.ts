import { AwsError, type Input } from '../types.ts';
import { QUERY_CODES, type Wire } from './wire.ts';
import { escapeXml, writeXml } from './xml.ts';

/** AwsQuery: a form in, XML out; scalars arrive as strings. */
export function queryWire(namespace: string): Wire {
  return {
    codes: QUERY_CODES,
    read(request) {
      const form = new URLSearchParams(request.body.toString('utf8'));
      for (const [name, value] of request.query) form.append(name, value);
      const operation = form.get('Action');
      if (!operation) throw new AwsError('MissingAction', 'The request names no operation.');
      form.delete('Action');
      form.delete('Version');
      return { operation, input: parseForm(form) };
    },
    answer(operation, output, requestId) {
      const result = writeMembers(output);
      const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
      const body = `<${operation}Response xmlns="${escapeXml(namespace)}"><${operation}Result>${result}</${operation}Result>${metadata}</${operation}Response>`;
      return { status: 200, headers: headersOf(requestId), body };
    },
    fail(error, requestId) {
      const detail = { Type: error.status < 500 ? 'Sender' : 'Receiver', Code: error.code, Message: error.message };
      const body = writeXml('ErrorResponse', { Error: detail, RequestId: requestId }, { xmlns: namespace });
      return { status: error.status, headers: { ...headersOf(requestId), ...error.headers }, body };
    },
  };
}

function headersOf(requestId: string): Record<string, string> {
  return { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
}

type Node = string | { [part: string]: Node };

/** `Tags.member.1.Key=a` becomes {Tags: [{Key: 'a'}]}; `Attributes.entry.1.key/value` becomes a plain object. */
export function parseForm(form: URLSearchParams): Input {
  const tree: { [part: string]: Node } = Object.create(null);
  for (const [name, value] of form) {
    const parts = name.split('.');
    let node = tree;
    for (const part of parts.slice(0, -1)) {
      const next = node[part];
      if (typeof next === 'object') node = next;
      else {
        const fresh: { [part: string]: Node } = Object.create(null);
        node[part] = fresh;
        node = fresh;
      }
    }
    node[parts.at(-1) ?? ''] = value;
  }
  return Object.fromEntries(Object.entries(tree).map(([name, node]) => [name, shape(node)]));
}

function shape(node: Node): unknown {
  if (typeof node === 'string') return node;
  const keys = Object.keys(node);
  const inner = keys.length === 1 ? node[keys[0] ?? ''] : undefined;
  if (keys[0] === 'member' && typeof inner === 'object') return numbered(inner).map(shape);
  // An empty list is sent as `Tags=` or `Tags.member=`.
  if (keys[0] === 'member' && inner === '') return [];
  if (keys[0] === 'entry' && typeof inner === 'object') {
    const entries = numbered(inner).map((entry) => (typeof entry === 'string' ? {} : entry));
    return Object.fromEntries(entries.map((entry) => [String(entry.key ?? ''), shape(entry.value ?? '')]));
  }
  return Object.fromEntries(keys.map((key) => [key, shape(node[key] ?? '')]));
}

function numbered(node: { [part: string]: Node }): Node[] {
  return Object.entries(node)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, value]) => value);
}

/** Lists are `<member>`, maps `<entry><key/><value/></entry>`, dates ISO 8601 without milliseconds. */
function writeMembers(value: object): string {
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `<${name}>${writeValue(member)}</${name}>`)
    .join('');
}

function writeValue(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${writeValue(item)}</member>`).join('');
  if (value instanceof Date) return `${value.toISOString().slice(0, 19)}Z`;
  if (value instanceof Map) {
    const entries = [...value].filter(([, member]) => member !== undefined);
    return entries
      .map(([key, member]) => `<entry><key>${writeValue(key)}</key><value>${writeValue(member)}</value></entry>`)
      .join('');
  }
  if (typeof value === 'object' && value !== null) return writeMembers(value);
  return escapeXml(String(value));
}
