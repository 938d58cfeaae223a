import { parseArgs } from 'node:util';
import { suggest } from '../config/suggest.ts';
import type { Command, Options } from './command.ts';

export type Parsed<Args> = { ok: true; args: Args } | { ok: false; problem: string };

/** Parses the words after a command's name. Every problem says what is allowed. */
export function parseWords<App, Args>(command: Command<App, Args>, words: readonly string[]): Parsed<Args> {
  const unknown = words.find((word) => word.startsWith('--') && !(optionName(word) in command.options));
  if (unknown !== undefined) {
    const near = suggest(optionName(unknown), Object.keys(command.options));
    const hint = near === undefined ? '' : ` Did you mean --${near}?`;
    return { ok: false, problem: `${command.name} has no option ${unknown}.${hint}` };
  }
  const raw = read(command.options, words);
  if ('problem' in raw) return { ok: false, problem: `${command.name}: ${raw.problem}` };
  const parsed = command.args.safeParse({ ...raw.values, _: raw.positionals });
  if (parsed.success) return { ok: true, args: parsed.data };
  const problems = parsed.error.issues.map(({ path, message }) => {
    const where = path[0] === '_' || path.length === 0 ? '' : `--${String(path[0])} `;
    return `${where}${message}`;
  });
  return { ok: false, problem: `${command.name}: ${problems.join('; ')}.` };
}

function read(options: Options, words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      strict: true,
      options: Object.fromEntries(
        Object.entries(options).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
      ),
    });
  } catch (error) {
    if (error instanceof TypeError) return { problem: error.message };
    throw error;
  }
}

function optionName(word: string): string {
  return word.slice(2).split('=')[0] ?? '';
}

/**
 * Splits what a person typed into words: spaces part them, quotes (also the curly ones that phones put in) keep them
 * together.
 */
export function splitWords(text: string): string[] {
  const straight = text
    .replace(/[“”„]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/(^|\s)—(?=\w)/g, '$1--');
  return [...straight.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

export type Found<App> =
  | { kind: 'command'; command: Command<App>; words: string[] }
  | { kind: 'unknown'; word: string; suggestion: string | undefined };

/**
 * Finds the command that words mean. A first word that names a target (an environment, an account) is short for
 * `scan <target>`.
 */
export function findCommand<App>(
  commands: ReadonlyMap<string, Command<App>>,
  targets: readonly string[],
  words: readonly string[],
): Found<App> {
  const [first = 'help', ...rest] = words;
  const command = commands.get(first);
  if (command !== undefined) return { kind: 'command', command, words: rest };
  const scan = commands.get('scan');
  if (scan !== undefined && (targets.includes(first) || /^\d{12}$/.test(first))) {
    return { kind: 'command', command: scan, words: [...words] };
  }
  return { kind: 'unknown', word: first, suggestion: suggest(first, [...commands.keys(), ...targets]) };
}
