import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { controlAct, controlRead } from './control/control.ts';
import { createHttpTransport } from './delivery/http.ts';
import { createSocketTransport } from './delivery/socket.ts';
import { PersonError, SlackError } from './errors.ts';
import { takeFault } from './faults.ts';
import { dict, parseJson } from './json.ts';
import { pageAction, pageState, streamChanges } from './page-api.ts';
import { sendJson } from './respond.ts';
import { useResponseUrl } from './response-url.ts';
import type { Site } from './site.ts';
import { servePage } from './static.ts';
import type { Workspace } from './types.ts';
import { handleApi } from './web-api/handle.ts';
import { createRateLimiter, type RateLimiter } from './web-api/rate-limits.ts';
import { readBody } from './web-api/request.ts';
import { createWorkspace } from './workspace.ts';

export type SlackOptions = {
  /** 0 or nothing: any free one. */
  port?: number;
  host?: string;
  signingSecret?: string;
  botToken?: string;
  appToken?: string;
  /** How the app is reached; Socket Mode if not said. `url` is the app's own, with its path (`/slack/events`). */
  delivery?: { kind: 'socket' } | { kind: 'http'; url: string };
  /** Milliseconds since 1970; decides time stamps, expiries and rate limits, not the three seconds of an acknowledgement. */
  now?: () => number;
};

export type SimulatedSlack = {
  /** `http://127.0.0.1:PORT`: the page, the control API and the Web API. */
  url: string;
  /** For `clientOptions.slackApiUrl`. */
  apiUrl: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  workspace: Workspace;
  /** Asks the app to answer a challenge (HTTP delivery); `false` if it does not. Always `true` in Socket Mode. */
  verifyUrl: () => Promise<boolean>;
  close: () => Promise<void>;
};

/** Starts a simulated Slack workspace on a port of this machine. */
export async function startSlack(options: SlackOptions = {}): Promise<SimulatedSlack> {
  const host = options.host ?? '127.0.0.1';
  const now = options.now ?? Date.now;
  const signingSecret = options.signingSecret ?? randomBytes(16).toString('hex');
  const botToken = options.botToken ?? `xoxb-simulated-${randomBytes(12).toString('hex')}`;
  const appToken = options.appToken ?? `xapp-1-simulated-${randomBytes(12).toString('hex')}`;
  const workspace = createWorkspace(now);
  const delivery = options.delivery ?? { kind: 'socket' };
  const sockets = createSocketTransport(workspace.app.id, delivery.kind === 'socket');
  const http = delivery.kind === 'http' ? createHttpTransport(delivery.url, signingSecret, now) : undefined;

  const server = createServer();
  const url = await listen(server, options.port ?? 0, host);
  const site: Site = {
    workspace,
    transport: http ?? sockets,
    url,
    botToken,
    appToken,
    verificationToken: randomBytes(12).toString('hex'),
    faults: [],
    acks: [],
    lastInteraction: undefined,
    retries: new Set(),
    issueSocketUrl: () =>
      `${url.replace('http', 'ws')}/link/?ticket=${sockets.issueTicket()}&app_id=${workspace.app.id}`,
  };
  const limiter = createRateLimiter();
  server.on('request', (request, response) => void answer(site, limiter, request, response));
  server.on('upgrade', sockets.upgrade);

  return {
    url,
    apiUrl: `${url}/api/`,
    botToken,
    appToken,
    signingSecret,
    workspace,
    verifyUrl: http?.verifyUrl ?? (() => Promise.resolve(true)),
    close: async () => {
      for (const timer of site.retries) clearTimeout(timer);
      await Promise.all([sockets.close(), http?.close()]);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(site: Site, limiter: RateLimiter, request: IncomingMessage, response: ServerResponse) {
  try {
    await route(site, limiter, request, response);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else if (error instanceof PersonError) {
      sendJson(response, 200, { ok: false, error: error.code, message: error.message });
    } else sendJson(response, 500, { ok: false, error: 'internal_error', message: String(error) });
  }
}

async function route(site: Site, limiter: RateLimiter, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', site.url);
  const [, room = '', name = '', rest = ''] = url.pathname.split('/');
  const reads = request.method === 'GET';
  if (room === 'api') return handleApi(site, limiter, name, request, response);
  if (room === 'response') return respondToUrl(site, rest, request, response);
  if (room === 'upload') return takeUpload(site, name, request, response);
  if (room === '_control') {
    if (reads) return sendJson(response, 200, controlRead(site, name, url.searchParams));
    return sendJson(response, 200, { ok: true, ...(await controlAct(site, name, await jsonBody(request))) });
  }
  if (room === '_page') {
    if (reads && name === 'stream') return streamChanges(site.workspace, response);
    if (reads) return sendJson(response, 200, pageState(site.workspace, url.searchParams.get('user') ?? ''));
    return sendJson(response, 200, { ok: true, ...(await pageAction(site, name, await jsonBody(request))) });
  }
  return servePage(url.pathname, response);
}

async function respondToUrl(site: Site, id: string, request: IncomingMessage, response: ServerResponse) {
  const limited = takeFault(site.faults, 'rate-limit', 'response_url');
  if (limited) {
    const headers = { 'retry-after': String(limited.retryAfter) };
    return sendJson(response, 429, { ok: false, error: 'ratelimited' }, headers);
  }
  try {
    useResponseUrl(site.workspace, id, await jsonBody(request));
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const gone = error.code === 'expired_url' || error.code === 'used_url';
    sendJson(response, gone ? 404 : 400, { ok: false, error: error.code, ...error.extra });
  }
}

async function takeUpload(site: Site, id: string, request: IncomingMessage, response: ServerResponse) {
  const file = site.workspace.files.get(id);
  await readBody(request);
  if (file) file.uploaded = true;
  response.writeHead(file ? 200 : 404, { 'content-type': 'text/plain' }).end(file ? `OK - ${file.size}` : 'not found');
}

async function jsonBody(request: IncomingMessage) {
  return dict(parseJson((await readBody(request)).toString()));
}

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      const bound = typeof address === 'object' && address ? address.port : port;
      resolve(`http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${bound}`);
    });
  });
}
