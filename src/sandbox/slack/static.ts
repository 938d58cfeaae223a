import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';

const PAGE = new URL('./page/', import.meta.url);
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Serves one file of the page; TypeScript goes out as JavaScript, so that the page needs no bundler. */
export async function servePage(path: string, response: ServerResponse): Promise<void> {
  const file = new URL(`.${path === '/' ? '/index.html' : path}`, PAGE);
  const type = TYPES[extname(file.pathname)];
  const content = type && file.href.startsWith(PAGE.href) ? await readText(file) : undefined;
  if (content === undefined || type === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
    return;
  }
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' });
  response.end(file.pathname.endsWith('.ts') ? stripTypeScriptTypes(content) : content);
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
