import { z } from 'zod';
import { canonicalJson, sha256Hex } from '../check/evaluators/canonical.ts';
import type { Config, EnvironmentConfig } from '../config/config.ts';
import { formatPath, type Path } from '../config/problem.ts';

type Place = Pick<EnvironmentConfig, 'approval' | 'mode' | 'accounts' | 'organization'>;

/** What of a configuration decides who may change something, and what counts as failed (decision 38). */
export interface Deciding extends Pick<Config, 'approval' | 'exemptions' | 'auto'> {
  environments: { readonly [name: string]: Place };
}

export function decidingOf({ approval, exemptions, auto, environments }: Config): Deciding {
  const places = Object.entries(environments).map(([name, environment]): [string, Place] => {
    const { approval: own, mode, accounts, organization } = environment;
    return [
      name,
      {
        ...(own === undefined ? {} : { approval: own }),
        ...(mode === undefined ? {} : { mode }),
        ...(accounts === undefined ? {} : { accounts }),
        ...(organization === undefined ? {} : { organization }),
      },
    ];
  });
  return { approval, exemptions, auto, environments: Object.fromEntries(places) };
}

export function decidingHash(deciding: Deciding): string {
  return sha256Hex(canonicalJson(deciding));
}

const shape = z.looseObject({
  approval: z.looseObject({
    default: z.looseObject({ approve: z.array(z.string()) }),
    rules: z.array(z.looseObject({ when: z.looseObject({}) })),
    freezes: z.array(z.looseObject({ from: z.string(), to: z.string() })),
  }),
  exemptions: z.array(z.looseObject({ check: z.string() })),
  auto: z.array(z.looseObject({ environment: z.string() })),
  environments: z.record(z.string(), z.looseObject({})),
});

/** Reads what `decidingOf` wrote; anything else is refused instead of guessed at. */
export function readDeciding(summary: unknown): Deciding {
  return shape.parse(summary) as unknown as Deciding;
}

/** What is different, one line each: `approval.default.approve: ["@a"] → ["@b"]`. */
export function changesBetween(before: Deciding, after: Deciding): string[] {
  return differences(before, after, []);
}

function differences(before: unknown, after: unknown, path: Path): string[] {
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return [];
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => differences(before[key], after[key], [...path, key]));
  }
  const place = formatPath(path);
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].some(isRecord)) {
    const gone = without(before, after).map((entry) => `${place}: removed ${written(entry)}`);
    const added = without(after, before).map((entry) => `${place}: added ${written(entry)}`);
    return gone.length + added.length === 0 ? [`${place}: in another order`] : [...gone, ...added];
  }
  return [`${place}: ${written(before)} → ${written(after)}`];
}

function isRecord(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function without(list: readonly unknown[], other: readonly unknown[]): unknown[] {
  const known = new Set(other.map((entry) => canonicalJson(entry)));
  return list.filter((entry) => !known.has(canonicalJson(entry)));
}

function written(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
