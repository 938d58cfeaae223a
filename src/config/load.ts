import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Config, Secrets } from './config.ts';
import { type Env, readVariables, type Variables } from './environment.ts';
import type { Problem } from './problem.ts';
import { fileSchema } from './schema/file.ts';
import { readSource, type Source } from './source.ts';

export interface LoadOptions {
  env: Env;
  /** Relative paths are taken from here. */
  cwd: string;
  now: Date;
  /** Names of the commands, which an environment must not have. */
  commands: readonly string[];
}

/** `source` tells the catalogue where check settings stand, so that it reports them the same way. */
export type Loaded = { ok: true; config: Config; source: Source } | { ok: false; problems: Problem[] };

/**
 * Reads trail-check.yaml (or the file that TRAIL_CHECK_CONFIG names) and the environment variables.
 * All problems are reported at once. Without a file the defaults hold, unless TRAIL_CHECK_CONFIG asks for one.
 */
export function loadConfig({ env, cwd, now, commands }: LoadOptions): Loaded {
  const asked = env.TRAIL_CHECK_CONFIG;
  const path = resolve(cwd, asked || 'trail-check.yaml');
  const file = relative(cwd, path).startsWith('..') ? path : relative(cwd, path);
  const variables = readVariables(env);

  const text = readText(path);
  if (text === undefined && asked) {
    const message = `names a file that is not there: ${path}`;
    return {
      ok: false,
      problems: [{ file: 'environment', path: 'TRAIL_CHECK_CONFIG', message }, ...variables.problems],
    };
  }
  const source = readSource(file, text ?? '');
  const schema = fileSchema({ commands, now });
  const parsed = schema.safeParse(source.data);
  const problems = [...source.problems, ...variables.problems];
  if (parsed.error) problems.push(...source.problemsOf(schema, parsed.error.issues));
  else problems.push(...unknownEnvironments(parsed.data, source));
  if (!parsed.success || variables.values === undefined || problems.length > 0) {
    return { ok: false, problems: problems.sort(byPlace) };
  }
  const config = deepFreeze({
    ...parsed.data,
    aws: {
      ...parsed.data.aws,
      region: parsed.data.aws.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1'),
    },
    slack: { ...parsed.data.slack, ...given('apiUrl', variables.values.SLACK_API_URL) },
    store: { dataDir: resolve(cwd, parsed.data.store.dataDir) },
    logLevel: variables.values.LOG_LEVEL,
    secrets: secretsOf(variables.values),
  });
  return { ok: true, config, source };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Rules, freezes, exemptions and standing approvals name environments; a name that does not exist would never fit. */
function unknownEnvironments(
  { environments, approval, exemptions, auto }: Pick<Config, 'environments' | 'approval' | 'exemptions' | 'auto'>,
  source: Source,
): Problem[] {
  const known = Object.keys(environments);
  const message = `is not an environment of this file; there ${known.length === 0 ? 'are none' : `are ${known.join(', ')}`}`;
  const named = [
    ...approval.rules.flatMap(({ when }, rule) =>
      (when.environment ?? []).map((name, index) => ({
        name,
        path: ['approval', 'rules', rule, 'when', 'environment', index],
      })),
    ),
    ...approval.freezes.flatMap(({ environment = [] }, freeze) =>
      environment.map((name, index) => ({ name, path: ['approval', 'freezes', freeze, 'environment', index] })),
    ),
    ...auto.map(({ environment: name }, index) => ({ name, path: ['auto', index, 'environment'] })),
    ...exemptions.flatMap(({ environment }, index) =>
      environment === undefined ? [] : [{ name: environment, path: ['exemptions', index, 'environment'] }],
    ),
  ];
  return named.filter(({ name }) => !known.includes(name)).map(({ path }) => source.problemAt(path, message));
}

function secretsOf(values: Variables): Secrets {
  return {
    ...given('slackBotToken', values.SLACK_BOT_TOKEN),
    ...given('slackAppToken', values.SLACK_APP_TOKEN),
    ...given('slackSigningSecret', values.SLACK_SIGNING_SECRET),
    ...given('databaseUrl', values.DATABASE_URL),
    ...given('stepUpKey', values.TRAIL_CHECK_STEP_UP_KEY),
  };
}

/** An object with that one member, or with none if there is no value. */
function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  const member: { [P in K]?: V } = {};
  if (value !== undefined) member[key] = value;
  return member;
}

function byPlace(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
