import { z } from 'zod';
import { redact } from '../ops/redact.ts';
import type { Path, Problem } from './problem.ts';
import { suggest } from './suggest.ts';

type Report = (path: Path, message: string, at?: 'key' | 'value') => Problem;

/** Turns what zod found into problems: one for each unknown key, each saying what is allowed. */
export function issueProblems(
  schema: z.ZodType,
  issues: readonly z.core.$ZodIssue[],
  prefix: Path,
  report: Report,
): Problem[] {
  return issues.flatMap((issue) => {
    const within = issue.path.filter((step) => typeof step !== 'symbol');
    const path = [...prefix, ...within];
    if (issue.code === 'unrecognized_keys') {
      const known = keysAt(schema, within);
      return issue.keys.map((key) => report([...path, key], unknownKey(key, known), 'key'));
    }
    if (issue.code === 'invalid_key') {
      return [report(path, issue.issues.map(({ message }) => message).join('; '), 'key')];
    }
    return [report(path, messageOf(issue))];
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = suggest(key, known);
  const hint = meant === undefined ? '' : `did you mean "${meant}"? `;
  return `unknown key "${redact(key)}"; ${hint}Allowed: ${known.join(', ')}`;
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
  if (issue.code === 'invalid_type') {
    const expected = TYPE_NAMES[issue.expected] ?? issue.expected;
    return `is missing or of the wrong kind; expected ${expected}`;
  }
  return issue.message;
}

const TYPE_NAMES: Record<string, string> = {
  object: 'a map (key: value)',
  record: 'a map (key: value)',
  array: 'a list',
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

/** The keys a schema allows at a path, for suggestions. */
function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional) return keysAt(schema.unwrap(), path);
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return keysAt(schema.unwrap(), path);
  // `preprocess` is a pipe from a transform, `.transform` a pipe into one.
  if (schema instanceof z.ZodPipe) return keysAt(schema.in instanceof z.ZodTransform ? schema.out : schema.in, path);
  const [step, ...rest] = path;
  if (step === undefined) return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  if (schema instanceof z.ZodArray) return keysAt(schema.element, rest);
  if (schema instanceof z.ZodRecord) return keysAt(schema.valueType, rest);
  const child: z.core.$ZodType | undefined = schema instanceof z.ZodObject ? schema.shape[step] : undefined;
  return child === undefined ? [] : keysAt(child, rest);
}
