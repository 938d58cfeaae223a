import { isRecord } from '../values.ts';
import { canonicalOrder } from './json.ts';

/**
 * The form in which two lifecycle configurations are compared: the old `Prefix` of a rule is a filter, all shapes of a
 * filter (`Prefix`, `Tag`, `And`, none) are one, lists are ordered, empty parts and false flags are gone, and so is
 * AWS's default for the smallest object to move. Idempotent; no configuration equals one without rules.
 */
export function canonicalLifecycle(configuration: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(configuration)) return { Rules: [] };
  const { Rules: rules, TransitionDefaultMinimumObjectSize: size } = configuration;
  return {
    Rules: canonicalOrder(Array.isArray(rules) ? rules.map(canonicalRule) : []),
    ...(size === undefined || size === 'all_storage_classes_128K' ? {} : { TransitionDefaultMinimumObjectSize: size }),
  };
}

function canonicalRule(rule: unknown): unknown {
  if (!isRecord(rule)) return rule;
  const { Prefix: prefix, Filter: filter, ...rest } = rule;
  const parts = Object.entries(rest)
    .map(
      ([name, part]) =>
        [name, Array.isArray(part) ? canonicalOrder(part.map(withoutDefaults)) : withoutDefaults(part)] as const,
    )
    .filter(([, part]) => !isEmpty(part));
  return { ...Object.fromEntries(parts), Filter: canonicalFilter(filter ?? { Prefix: prefix }) };
}

function canonicalFilter(filter: unknown): unknown {
  if (!isRecord(filter)) return { Prefix: '', Tags: [] };
  const { And: and, Tag: tag, ...own } = filter;
  const { Tags: tags, ...fields } = { ...own, ...(isRecord(and) ? and : {}) };
  const all: readonly unknown[] = [...(Array.isArray(tags) ? tags : []), ...(tag === undefined ? [] : [tag])];
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { Prefix: '', ...Object.fromEntries(given), Tags: canonicalOrder(all) };
}

function withoutDefaults(part: unknown): unknown {
  if (!isRecord(part)) return part;
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined && value !== false));
}

function isEmpty(part: unknown): boolean {
  if (part === undefined || part === '') return true;
  if (Array.isArray(part)) return part.length === 0;
  return isRecord(part) && Object.keys(part).length === 0;
}
