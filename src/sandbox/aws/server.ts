import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONTROL_PREFIX, control } from './control.ts';
import { dispatch } from './dispatch.ts';
import { createThrottle } from './throttle.ts';
import type { Estate, HttpResponse } from './types.ts';

export interface RunningAws {
  /** `http://127.0.0.1:<port>`, for AWS_ENDPOINT_URL. */
  endpoint: string;
  estate: Estate;
  close(): Promise<void>;
}

/** Serves an estate over the AWS wire protocols. Port 0 (the default) takes a free one; the loopback is the default host. */
export async function startAws(estate: Estate, options: { port?: number; host?: string } = {}): Promise<RunningAws> {
  const throttle = createThrottle(() => performance.now());
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: unknown) => {
      outgoing.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  // Clients keep connections for reuse; Node's default of 5 s makes them meet a closed one.
  server.keepAliveTimeout = 60_000;

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await read(incoming);
    const url = incoming.url ?? '/';
    const method = incoming.method ?? 'GET';
    if (url.startsWith(CONTROL_PREFIX)) {
      return write(outgoing, control(estate, method, url, body.toString('utf8')));
    }
    const outcome = dispatch({ estate, throttle }, { method, url, headers: headersOf(incoming), body }, randomUUID());
    if (estate.knobs.latencyMs > 0) await sleep(estate.knobs.latencyMs);
    if (outcome === 'drop') outgoing.destroy();
    else write(outgoing, outcome);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const { port } = addressOf(server.address());
  return {
    // Listening everywhere is no address to call.
    endpoint: `http://${options.host === '0.0.0.0' ? '127.0.0.1' : (options.host ?? '127.0.0.1')}:${port}`,
    estate,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
    },
  };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the simulated AWS does not listen on a port');
  return address;
}

async function read(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function headersOf(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

function write(outgoing: ServerResponse, response: HttpResponse): void {
  outgoing.writeHead(response.status, {
    ...response.headers,
    'content-length': String(Buffer.byteLength(response.body)),
  });
  outgoing.end(response.body);
}
