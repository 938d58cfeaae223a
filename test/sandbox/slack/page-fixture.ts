import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { servePage } from '../../../src/sandbox/slack/static.ts';

export interface Post {
  what: string;
  body: unknown;
}

export interface PageFixture {
  url: string;
  posts: Post[];
  /** Shows another state to every open page. */
  show(state: object): void;
  /** What the next posts are answered with; `{ok: true}` without it. */
  answer(answer: object): void;
  close(): Promise<void>;
}

/** Serves the page with a state made by hand, so that tests can show it what the workspace would never accept. */
export async function startPageFixture(first: object): Promise<PageFixture> {
  let state = first;
  let answer: object = { ok: true };
  let seq = 1;
  const posts: Post[] = [];
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const json = (body: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname === '/_page/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify({ seq })}\n\n`);
      streams.add(response);
      response.on('close', () => streams.delete(response));
    } else if (url.pathname === '/_page/state') json(state);
    else if (url.pathname.startsWith('/_page/')) {
      void text(request).then((body) => {
        posts.push({ what: url.pathname.slice('/_page/'.length), body: JSON.parse(body) });
        json(answer);
      });
    } else void servePage(url.pathname, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    posts,
    show(next) {
      state = next;
      seq += 1;
      for (const stream of streams) stream.write(`data: ${JSON.stringify({ seq })}\n\n`);
    },
    answer(next) {
      answer = next;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
