import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { isSecretKey, looksSecret } from '../ops/redact.ts';
import { issueProblems } from './issues.ts';
import { formatPath, type Path, type Problem } from './problem.ts';

/** The configuration file as it was written: knows the place of every value, to report problems where they are. */
export interface Source {
  readonly file: string;
  /** Plain data; `{}` for an empty or absent file. */
  readonly data: unknown;
  /** What is wrong with the text itself: YAML errors, and secrets, which belong in the environment. */
  readonly problems: readonly Problem[];
  /** A problem at the value (or, with `key`, at the key) of that path, or at its nearest parent that exists. */
  problemAt(path: Path, message: string, at?: 'key' | 'value'): Problem;
  /** The issues that a schema found in the value at `path`, with place and allowed values. */
  problemsOf(schema: z.ZodType, issues: readonly z.core.$ZodIssue[], path?: Path): Problem[];
}

/** Reads YAML text. `file` is the name problems are reported under. */
export function readSource(file: string, text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  // An account id without quotes is a number to YAML, and one that begins with 0 loses it.
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value === 'number' && /^\d{12}$/.test(scalar.source ?? '')) scalar.value = scalar.source ?? '';
    },
  });

  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };

  function offsetOf(path: Path, at: 'key' | 'value'): number {
    let node: unknown = document.contents;
    let offset = startOf(node) ?? 0;
    for (const [index, step] of path.entries()) {
      if (isAlias(node)) node = node.resolve(document);
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
        if (!pair) return offset;
        const last = index === path.length - 1;
        const keyOffset = startOf(pair.key) ?? offset;
        node = pair.value;
        offset = last && at === 'key' ? keyOffset : (startOf(node) ?? keyOffset);
      } else if (isSeq(node)) {
        const item: unknown = node.items[Number(step)];
        if (item === undefined) return offset;
        node = item;
        offset = startOf(node) ?? offset;
      } else return offset;
    }
    return offset;
  }

  const problemAt: Source['problemAt'] = (path, message, at = 'value') => ({
    file,
    ...place(offsetOf(path, at)),
    path: formatPath(path),
    message,
  });

  const broken = document.errors.map((error) => ({ file, ...place(error.pos[0]), path: '', message: error.message }));
  const data: unknown = broken.length > 0 ? {} : (document.toJS() ?? {});
  return {
    file,
    data,
    problems: [...broken, ...secretsIn(data, []).map((path) => problemAt(path, IN_ENVIRONMENT))],
    problemAt,
    problemsOf: (schema, issues, path = []) => issueProblems(schema, issues, path, problemAt),
  };
}

const IN_ENVIRONMENT =
  'holds a secret; take it out and, since it was written down, replace it. Secrets are read from the environment only: ' +
  'SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, DATABASE_URL, and the AWS default credential chain';

/** Paths of all texts that look like a secret. An external id may look like one but is none. */
function secretsIn(value: unknown, path: Path): Path[] {
  const key = path.at(-1);
  if (key === 'externalId') return [];
  if (typeof value === 'string') {
    const named = typeof key === 'string' && isSecretKey(key) && value !== '';
    return named || looksSecret(value) ? [path] : [];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => secretsIn(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => secretsIn(item, [...path, name]));
}

function startOf(node: unknown): number | undefined {
  if (isPair(node)) return startOf(node.key);
  const { range } = (node ?? {}) as Partial<Node>;
  return range?.[0];
}
