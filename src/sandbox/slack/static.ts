import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';

/** Plain names only: nothing encoded, nothing that climbs out of the folder. */
const SAFE_PATH = /^(\/[\w-]+(\.[\w-]+)*)+$/;
const PAGE = new URL('./page/', import.meta.url);
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Serves one file of the page; TypeScript goes out as JavaScript, so that the page needs no bundler. */
export async function servePage(path: string, response: ServerResponse): Promise<void> {
  const name = path === '/' ? '/index.html' : path;
  const type = TYPES[extname(name)];
  const content = type && SAFE_PATH.test(name) ? await readText(new URL(`.${name}`, PAGE)) : undefined;
  if (content === undefined || type === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
    return;
  }
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' });
  response.end(name.endsWith('.ts') ? stripTypeScriptTypes(content) : content);
}

async function readText(file: URL): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')) {
      return undefined;
    }
    throw error;
  }
}
