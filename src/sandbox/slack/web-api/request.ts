import type { IncomingMessage } from 'node:http';
import { type Dict, dict, parseJson, text } from '../json.ts';

const BODY_LIMIT = 16 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Error(`request body over ${BODY_LIMIT} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The arguments of a Web API call, from the query and a form, JSON or multipart body. */
export async function readArguments(request: IncomingMessage, url: URL): Promise<Dict> {
  const query = Object.fromEntries(url.searchParams);
  if (request.method === 'GET') return query;
  const type = text(request.headers['content-type']);
  const body = await readBody(request);
  if (type.startsWith('application/json')) return { ...query, ...dict(parseJson(body.toString())) };
  if (type.startsWith('multipart/form-data')) {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    const fields = [...form].filter(([, value]) => typeof value === 'string');
    return { ...query, ...Object.fromEntries(fields) };
  }
  return { ...query, ...Object.fromEntries(new URLSearchParams(body.toString())) };
}

/** From the header, or else from the body. */
export function tokenOf(request: IncomingMessage, args: Dict): string {
  const header = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return header ?? text(args.token);
}
