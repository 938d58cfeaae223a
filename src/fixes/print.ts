import type { Call, Change } from '../check/plan.ts';
import type { Json, JsonObject } from '../snapshot/types.ts';
import { outputReference } from './output-reference.ts';

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

export interface DiffLine {
  sign: '+' | '-' | ' ';
  text: string;
}

/** Before and after of one change as lines: what stays is kept as context, three lines around each difference. */
export function diffOf(change: Change): DiffLine[] {
  return withContext(diffLines(lines(change.expect), lines(change.result)), 3);
}

function lines(state: JsonObject | null): string[] {
  return state === null ? ['(none)'] : JSON.stringify(state, null, 2).split('\n');
}

/** Longest common subsequence over lines; documents here are at most a few hundred lines. */
function diffLines(before: string[], after: string[]): DiffLine[] {
  const width = after.length + 1;
  const table = new Uint32Array((before.length + 1) * width);
  const length = (row: number, column: number) => table[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      table[row * width + column] =
        before[row] === after[column]
          ? length(row + 1, column + 1) + 1
          : Math.max(length(row + 1, column), length(row, column + 1));
    }
  }
  const diff: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    const old = before[row];
    const fresh = after[column];
    if (old !== undefined && old === fresh) {
      diff.push({ sign: ' ', text: old });
      row++;
      column++;
    } else if (old !== undefined && (fresh === undefined || length(row + 1, column) >= length(row, column + 1))) {
      diff.push({ sign: '-', text: old });
      row++;
    } else if (fresh !== undefined) {
      diff.push({ sign: '+', text: fresh });
      column++;
    }
  }
  return diff;
}

function withContext(diff: DiffLine[], around: number): DiffLine[] {
  const near = diff.map((_, at) =>
    diff.slice(Math.max(0, at - around), at + around + 1).some(({ sign }) => sign !== ' '),
  );
  return diff.filter((_, at) => near[at] === true);
}
