import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** What a room may import: `values` anything, `types` types only. A name with a slash is a folder within a room. */
interface Allowed {
  values: readonly string[];
  types?: readonly string[];
}

/** Who may know whom. Everyone may know `ops` and `config`, except the sandbox, which knows nothing of ours. */
const TABLE: { readonly [room: string]: Allowed } = {
  ops: { values: [] },
  config: { values: [] },
  store: { values: [] },
  aws: { values: [] },
  snapshot: { values: ['aws'] },
  check: { values: [], types: ['snapshot'] },
  checks: { values: ['check'], types: ['snapshot'] },
  posture: { values: ['checks', 'check', 'snapshot', 'store'] },
  fixes: { values: ['posture', 'check', 'snapshot', 'aws', 'store'] },
  integrity: { values: ['snapshot', 'aws', 'store'] },
  watch: { values: ['posture', 'aws', 'store'] },
  report: { values: ['posture', 'check', 'store', 'aws'] },
  doctor: { values: ['aws', 'snapshot', 'fixes', 'store'] },
  schedule: { values: ['store'] },
  command: { values: [] },
  slack: {
    values: ['posture', 'fixes', 'integrity', 'watch', 'report', 'store', 'command'],
    types: ['check', 'snapshot'],
  },
  commands: {
    values: ['command', 'posture', 'fixes', 'integrity', 'watch', 'report', 'doctor', 'store', 'slack/blocks'],
    types: ['snapshot', 'app'],
  },
  sandbox: { values: [] },
  main: { values: ['app'] },
};

/** Single imports that depart from the table. One that is no longer there must leave this list. */
const DEPARTURES: readonly string[] = [
  // The entry point reads the words of a command line before anything is built.
  'src/main.ts imports src/command/command.ts',
  'src/main.ts imports src/command/parse.ts',
  // The database files of a demo are made in a thread while the simulators start.
  'src/main.ts imports src/store/prepare-folder.ts',
  // Types only: a command gets at the simulators through the application.
  'src/app.ts imports src/start-sandbox.ts',
];

interface Import {
  from: string;
  to: string;
  typesOnly: boolean;
}

/** TypeScript files below some folders of the repository, by their path from its root. */
function sources(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`),
  );
}

const STATIC = /^(?:import|export)\s+(type\s+)?([\w*{][^;'"]*?\s+from\s+)?['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Imports of our own files. An import whose every name is marked `type` counts as one of types. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const named = [...text.matchAll(STATIC)].map(([, type, clause = '', specifier = '']) => ({
    specifier,
    typesOnly: type !== undefined || isAllTypes(clause),
  }));
  const dynamic = [...text.matchAll(DYNAMIC)].map(([, specifier = '']) => ({ specifier, typesOnly: false }));
  return [...named, ...dynamic]
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier, typesOnly }) => ({
      from: file,
      to: relative(ROOT, resolve(ROOT, dirname(file), specifier)),
      typesOnly,
    }));
}

function isAllTypes(clause: string): boolean {
  const names = /^\{([^}]*)\}/
    .exec(clause.trim())?.[1]
    ?.split(',')
    .map((name) => name.trim());
  const given = (names ?? []).filter((name) => name !== '');
  return given.length > 0 && given.every((name) => name.startsWith('type '));
}

/** The entry point, and how it starts the simulators as a process of their own. */
const ENTRY = ['src/main.ts', 'src/start-sandbox.ts'];

/** `src/check/plan.ts` is of the room `check`, `src/app.ts` of `app`, `checks/trail/logging.ts` of `checks`. */
function roomOf(file: string): string {
  if (ENTRY.includes(file)) return 'main';
  const [top = '', room = ''] = file.split('/');
  return top === 'src' ? room.replace(/\.ts$/, '') : top;
}

function isIn(name: string, file: string): boolean {
  return name.includes('/') ? file.startsWith(`src/${name}/`) || file === `src/${name}.ts` : roomOf(file) === name;
}

function isAllowed({ from, to, typesOnly }: Import): boolean {
  const room = roomOf(from);
  if (roomOf(to) === room) return true;
  // The composition root knows every room but the simulators.
  if (room === 'app') return roomOf(to) !== 'sandbox' && roomOf(to) !== 'main';
  const allowed = TABLE[room];
  if (allowed === undefined) return false;
  const everyone = room === 'sandbox' ? [] : ['ops', 'config'];
  return [...allowed.values, ...everyone, ...(typesOnly ? (allowed.types ?? []) : [])].some((name) => isIn(name, to));
}

const files = sources('src', 'commands', 'checks');
const imports = files.flatMap(importsOf);

describe('the import table', () => {
  it('has a line for every room', () => {
    const rooms = new Set(files.map(roomOf));
    rooms.delete('app');
    expect([...rooms].filter((room) => TABLE[room] === undefined)).toEqual([]);
  });

  it('is kept by every import but the departures named here', () => {
    const broken = imports.filter((it) => !isAllowed(it)).map(({ from, to }) => `${from} imports ${to}`);
    expect(broken.sort()).toEqual([...DEPARTURES].sort());
  });

  it('sees imports at all, of values and of types', () => {
    expect(imports.length).toBeGreaterThan(500);
    expect(imports.some(({ typesOnly }) => typesOnly)).toBe(true);
  });

  it.each<[string, Import, boolean]>([
    [
      'a check reading a type of the snapshot',
      { from: 'checks/a/b.ts', to: 'src/snapshot/types.ts', typesOnly: true },
      true,
    ],
    ['a check running a reader', { from: 'checks/a/b.ts', to: 'src/snapshot/take.ts', typesOnly: false }, false],
    ['a command building blocks', { from: 'commands/a.ts', to: 'src/slack/blocks/run.ts', typesOnly: false }, true],
    ['a command talking to Slack', { from: 'commands/a.ts', to: 'src/slack/app.ts', typesOnly: false }, false],
    ['the store knowing fixes', { from: 'src/store/a.ts', to: 'src/fixes/fix.ts', typesOnly: true }, false],
    ['the simulator knowing the log', { from: 'src/sandbox/a.ts', to: 'src/ops/logger.ts', typesOnly: false }, false],
    [
      'the composition root knowing the simulator',
      { from: 'src/app.ts', to: 'src/sandbox/a.ts', typesOnly: false },
      false,
    ],
  ])('judges %s', (_name, edge, allowed) => {
    expect(isAllowed(edge)).toBe(allowed);
  });
});

describe('the simulators', () => {
  it('are imported by nobody', () => {
    const guests = imports.filter(({ from, to }) => roomOf(to) === 'sandbox' && roomOf(from) !== 'sandbox');
    expect(guests).toEqual([]);
  });

  it('are named by nothing but the entry point, which starts them as a process of their own', () => {
    const naming = files.filter(
      (file) => roomOf(file) !== 'sandbox' && /['"`/]sandbox\//.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    expect(naming.filter((file) => !ENTRY.includes(file))).toEqual([]);
  });
});
