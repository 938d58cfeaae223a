import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { isDict, parseJson } from '../json.ts';
import { ACK_TIMEOUT_MS, type Envelope, type Outcome, type Transport } from './types.ts';

const MAX_CONNECTIONS = 10;

type Waiting = { socket: WebSocket; sentAt: number; settle: (outcome: Outcome) => void };

export type SocketTransport = Transport & {
  /** A ticket for one connection, as `apps.connections.open` hands it out. */
  issueTicket: () => string;
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
};

/** Socket Mode: every envelope goes to exactly one of the app's connections, in turn. `enabled: false` refuses all. */
export function createSocketTransport(appId: string, enabled: boolean): SocketTransport {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const open: WebSocket[] = [];
  const waiting = new Map<string, Waiting>();
  let turn = 0;

  function connected(socket: WebSocket): void {
    const refusal = !enabled ? 'link_disabled' : open.length >= MAX_CONNECTIONS ? 'too_many_websockets' : undefined;
    socket.on('error', () => socket.terminate());
    if (refusal !== undefined) {
      disconnect(socket, refusal);
      return;
    }
    open.push(socket);
    socket.on('message', (data) => acknowledged(String(data)));
    socket.on('close', () => closed(socket));
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: open.length,
        debug_info: { host: 'simulated', build_number: 1, approximate_connection_time: 18060 },
        connection_info: { app_id: appId },
      }),
    );
  }

  function acknowledged(data: string): void {
    const ack = parseJson(data);
    if (!isDict(ack)) return;
    const entry = waiting.get(String(ack.envelope_id));
    entry?.settle({ acked: true, body: ack.payload ?? {}, ms: performance.now() - entry.sentAt });
  }

  function closed(socket: WebSocket): void {
    const at = open.indexOf(socket);
    if (at >= 0) open.splice(at, 1);
    for (const entry of waiting.values()) {
      if (entry.socket !== socket) continue;
      entry.settle({ acked: false, reason: 'connection_lost', ms: performance.now() - entry.sentAt });
    }
  }

  function send(envelope: Envelope): Promise<Outcome> {
    const socket = open[turn++ % Math.max(1, open.length)];
    if (!socket) return Promise.resolve({ acked: false, reason: 'not_connected', ms: 0 });
    const id = randomUUID();
    return new Promise((resolve) => {
      const sentAt = performance.now();
      const timer = setTimeout(() => settle({ acked: false, reason: 'timeout', ms: ACK_TIMEOUT_MS }), ACK_TIMEOUT_MS);
      const settle = (outcome: Outcome) => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(outcome);
      };
      waiting.set(id, { socket, sentAt, settle });
      socket.send(JSON.stringify(framed(id, envelope)));
    });
  }

  return {
    send,
    issueTicket: () => {
      const ticket = randomBytes(16).toString('hex');
      tickets.add(ticket);
      return ticket;
    },
    upgrade: (request, socket, head) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://simulated');
      if (pathname !== '/link/' || !tickets.delete(searchParams.get('ticket') ?? '')) {
        socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, connected);
    },
    dropSockets: (count, reason) => {
      const dropped = open.slice(0, count ?? open.length);
      for (const socket of dropped) {
        // No further envelope may choose it, even before its close is seen.
        open.splice(open.indexOf(socket), 1);
        if (reason === undefined) socket.terminate();
        else disconnect(socket, reason);
      }
      return dropped.length;
    },
    close: async () => {
      for (const socket of server.clients) socket.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function framed(id: string, envelope: Envelope): object {
  const { kind, payload, retry } = envelope;
  return {
    envelope_id: id,
    type: kind,
    payload,
    accepts_response_payload: kind !== 'events_api',
    ...(kind === 'events_api' ? { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' } : {}),
  };
}

/** The client closes the connection itself once it has read this. */
function disconnect(socket: WebSocket, reason: string): void {
  socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'simulated' } }));
}
