import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { trailCheck } from './cli.ts';

it('ends as it would have when its reader has seen enough', async () => {
  const { status, error } = await trailCheck(['scan', 'prod', '--sandbox', '--format', 'json'], {}, { readsOnly: 50 });
  expect({ status, error }).toEqual({ status: 1, error: '' });
});

it('says which port is taken, and what is no port', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? String(address.port) : '';
  const taken = await trailCheck(['demo', '--port', port]);
  await new Promise((resolve) => server.close(resolve));
  expect(taken.status).toBe(2);
  expect(taken.error).toMatch(new RegExp(`^Port ${port} is taken\\.[^\\n]*\\n[^\\n]*\\n$`));
  expect(await trailCheck(['demo', '--port', 'eight'])).toMatchObject({
    status: 2,
    error: expect.stringMatching(/^eight is not a port/),
  });
});
