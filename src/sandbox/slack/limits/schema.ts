import { isDict } from '../json.ts';

export type Surface = 'message' | 'modal' | 'home';

/** One thing wrong, where, in the words Slack uses for it. */
export type Problem = {
  pointer: string;
  code: string;
  message: string;
  constraint?: { type: string; expected: string[]; got: string };
};

export type Checking = { surface: Surface; problems: Problem[] };

/** Looks at one value at a JSON pointer and adds what is wrong with it. */
export type Check = (value: unknown, pointer: string, checking: Checking) => void;

export function report(checking: Checking, pointer: string, code: string, message: string, expected: string[] = []) {
  const constraint = expected.length === 0 ? {} : { constraint: { type: code, expected, got: '' } };
  checking.problems.push({ pointer, code, message, ...constraint });
}

/** A string of `min` to `max` characters; Slack counts UTF-16 units as JavaScript does. */
export function string(max: number, min = 1, pattern?: RegExp): Check {
  return (value, pointer, checking) => {
    if (typeof value !== 'string') report(checking, pointer, 'wrong_type', 'must be a string', ['string']);
    else if (value.length > max) report(checking, pointer, 'too_long', `must be less than ${max + 1} characters`);
    else if (value.length < min) report(checking, pointer, 'too_short', `must be more than ${min - 1} characters`);
    else if (pattern && !pattern.test(value)) report(checking, pointer, 'bad_format', 'is not formatted correctly');
  };
}

export function integer(min: number, max: number): Check {
  return (value, pointer, checking) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      report(checking, pointer, 'wrong_type', 'must be an integer', ['integer']);
    } else if (value < min || value > max) {
      report(checking, pointer, 'out_of_range', `must be between ${min} and ${max}`);
    }
  };
}

export const number: Check = (value, pointer, checking) => {
  if (typeof value !== 'number') report(checking, pointer, 'wrong_type', 'must be a number', ['number']);
};

export const boolean: Check = (value, pointer, checking) => {
  if (typeof value !== 'boolean') report(checking, pointer, 'wrong_type', 'must be a boolean', ['boolean']);
};

export function oneOf(...allowed: (string | number)[]): Check {
  return (value, pointer, checking) => {
    if (allowed.some((candidate) => candidate === value)) return;
    report(checking, pointer, 'not_allowed', `must be one of: ${allowed.join(', ')}`, allowed.map(String));
  };
}

/** An object with exactly these fields: Slack refuses what it does not know. */
export function object(required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  return (value, pointer, checking) => {
    if (!isDict(value)) {
      report(checking, pointer, 'wrong_type', 'must be an object', ['object']);
      return;
    }
    for (const [field, check] of Object.entries(required)) {
      if (value[field] === undefined) report(checking, pointer, 'missing_field', `missing required field: ${field}`);
      else check(value[field], `${pointer}/${field}`, checking);
    }
    for (const [field, content] of Object.entries(value)) {
      if (field in required || content === undefined) continue;
      const check = optional[field];
      if (check) check(content, `${pointer}/${field}`, checking);
      else report(checking, pointer, 'unknown_field', `invalid additional property: ${field}`);
    }
  };
}

export function array(item: Check, max: number, min = 1): Check {
  return (value, pointer, checking) => {
    if (!Array.isArray(value)) {
      report(checking, pointer, 'wrong_type', 'must be an array', ['array']);
      return;
    }
    if (value.length > max) report(checking, pointer, 'too_many_items', `no more than ${max} items allowed`);
    if (value.length < min) report(checking, pointer, 'too_few_items', `no fewer than ${min} items allowed`);
    value.forEach((entry, index) => {
      item(entry, `${pointer}/${index}`, checking);
    });
  };
}

/** Chooses the check by the object's `type`. */
export function byType(table: () => Record<string, Check>, allowed?: readonly string[]): Check {
  return (value, pointer, checking) => {
    if (!isDict(value) || typeof value.type !== 'string') {
      report(checking, pointer, 'missing_field', 'missing required field: type');
      return;
    }
    const checks = table();
    const known = Object.keys(checks).filter((type) => !allowed || allowed.includes(type));
    const check = known.includes(value.type) ? checks[value.type] : undefined;
    if (check) check(value, pointer, checking);
    else report(checking, `${pointer}/type`, 'unsupported_type', `unsupported type: ${value.type}`, known);
  };
}

/** Several checks of the same value. */
export function all(...checks: Check[]): Check {
  return (value, pointer, checking) => {
    for (const check of checks) check(value, pointer, checking);
  };
}

/** A rule that is not a matter of one field: `broken` gives the complaint or nothing. */
export function rule(broken: (value: Record<string, unknown>) => string | undefined): Check {
  return (value, pointer, checking) => {
    const message = isDict(value) ? broken(value) : undefined;
    if (message !== undefined) report(checking, pointer, 'broken_rule', message);
  };
}
