import { createServer } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { createHealth } from '../../src/ops/health.ts';

const servers: { close(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(health: ReturnType<typeof createHealth>): Promise<string> {
  const server = createServer((request, response) => {
    if (!health.handle(request, response)) response.writeHead(404).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

it('is alive and ready while all probes pass, and leaves other paths alone', async () => {
  const health = createHealth();
  health.add('store', () => {});
  const base = await serve(health);
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
  const ready = await fetch(`${base}/readyz?x=1`);
  expect([ready.status, await ready.json()]).toEqual([200, { ok: true, probes: { store: 'ok' } }]);
  expect((await fetch(`${base}/other`)).status).toBe(404);
});

it('stays alive but is not ready when a probe fails or hangs, and echoes no secret', async () => {
  const health = createHealth({ timeoutMs: 5 });
  health.add('slack', () => Promise.reject(new Error('xoxb-1-abc refused')));
  health.add('store', () => new Promise<void>(() => {}));
  const base = await serve(health);
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
  const ready = await fetch(`${base}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { ok: false, probes: { slack: '[redacted] refused', store: 'no answer within 5 ms' } },
  ]);
});
