import type { Json } from '../../snapshot/types.ts';
import { outputReference } from '../output-reference.ts';
import type { Call } from '../plan.ts';

/** Services whose AWS CLI command has another name than the service prefix of the operation. */
const CLI_NAMES: { [service: string]: string } = { s3: 's3api', config: 'configservice' };

/** One call as a line for the AWS CLI, ready to paste: every value is quoted for a POSIX shell. */
export function cliLine(call: Call): string {
  const [service = '', operation = ''] = call.operation.split(':');
  const region = call.region === '' ? [] : ['--region', call.region];
  const options = Object.entries(call.input).flatMap(([member, value]) => option(member, value));
  return ['aws', CLI_NAMES[service] ?? service, kebab(operation), ...region, ...options].join(' ');
}

function option(member: string, value: Json): string[] {
  const name = kebab(member);
  const answer = outputReference(value);
  if (answer !== undefined) return [`--${name}`, `'${answerName(answer)}'`];
  if (typeof value === 'boolean') return [value ? `--${name}` : `--no-${name}`];
  const text = typeof value === 'string' ? value : JSON.stringify(withAnswers(value));
  return [`--${name}`, shellQuote(text)];
}

/** What an earlier step answers is not known yet: it is shown by its name. */
function answerName({ step, member }: { step: number; member: string }): string {
  return `<${member} of step ${step + 1}>`;
}

function withAnswers(value: Json): Json {
  if (Array.isArray(value)) return value.map(withAnswers);
  if (value === null || typeof value !== 'object') return value;
  const answer = outputReference(value);
  if (answer !== undefined) return answerName(answer);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withAnswers(inner)]));
}

function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** `CloudWatchLogsLogGroupArn` to `cloud-watch-logs-log-group-arn`, the way the AWS CLI derives its names. */
function kebab(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1-$2')
    .replace(/([a-z])([0-9]+)/g, '$1$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
