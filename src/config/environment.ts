import { z } from 'zod';
import type { Problem } from './problem.ts';
import { readStepUpKey } from './step-up-key.ts';

export type Env = Readonly<Record<string, string | undefined>>;

const optional = (schema: z.ZodType<string, string>) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const variables = z.object({
  SLACK_BOT_TOKEN: optional(z.string().regex(/^xoxb-/, { error: 'must be a bot token, it begins with xoxb-' })),
  SLACK_APP_TOKEN: optional(z.string().regex(/^xapp-/, { error: 'must be an app-level token, it begins with xapp-' })),
  SLACK_SIGNING_SECRET: optional(z.string().min(8, { error: 'must be the signing secret of the Slack app' })),
  DATABASE_URL: optional(
    z.string().regex(/^postgres(ql)?:\/\//, { error: 'must begin with postgres:// or postgresql://' }),
  ),
  TRAIL_CHECK_STEP_UP_KEY: optional(
    z.string().refine((value) => readStepUpKey(value) !== undefined, { error: 'must be 32 bytes, as base64 or hex' }),
  ),
  SLACK_API_URL: optional(z.url({ protocol: /^https?$/, error: 'must be an http or https address' })),
  LOG_LEVEL: z.preprocess(
    (value) => (value === '' ? undefined : value),
    z
      .enum(['debug', 'info', 'warn', 'error', 'silent'], { error: 'must be debug, info, warn, error or silent' })
      .default('info'),
  ),
});

export type Variables = z.infer<typeof variables>;

/** Reads the environment variables that are ours. Problems never hold a value. */
export function readVariables(env: Env): { values: Variables | undefined; problems: Problem[] } {
  const parsed = variables.safeParse(env);
  if (parsed.success) return { values: parsed.data, problems: [] };
  const problems = parsed.error.issues.map(({ path, message }) => ({
    file: 'environment',
    path: path.join('.'),
    message,
  }));
  return { values: undefined, problems };
}
