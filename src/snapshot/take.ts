import type { Aws } from '../aws/aws.ts';
import type { Config } from '../config/config.ts';
import { accountFacts } from './account-facts.ts';
import { PART_NAMES } from './catalogue.ts';
import { declaredIn } from './declared.ts';
import { emptySnapshot } from './empty.ts';
import { createLimiter } from './limit.ts';
import { type OpenReading, openReading } from './reading.ts';
import { type Difference, sweepAccount } from './sweep.ts';
import type { Target } from './target.ts';
import type { PartName, Snapshot } from './types.ts';
import { walkEstate } from './walk.ts';

export interface Progress {
  /** Parts that were read, of those known to be needed so far. */
  done: number;
  total: number;
  accounts: { done: number; total: number };
  /** What is going on, for people. */
  phase: string;
}

export type SnapshotConfig = Pick<Config, 'aws' | 'archive' | 'keys' | 'checks' | 'environments'>;

export interface TakeOptions {
  aws: Pick<Aws, 'reader' | 'caller' | 'forgetFailures'>;
  target: Target;
  config: SnapshotConfig;
  now: Date;
  /** Names of the parts needed; all by default. What they are read from comes with them. */
  parts?: readonly PartName[];
  /** Parts read a moment ago, by a run that was interrupted; they are taken over. */
  previous?: Snapshot;
  /** Confirm by DescribeTrails in every enabled region that ListTrails told of all trails. */
  sweep?: boolean;
  onProgress?: (progress: Progress) => void;
}

export interface Taken {
  snapshot: Snapshot;
  /** Calls made, those to enter accounts included; a page is a call. */
  calls: number;
  /** What a person should know about how it was read. */
  notes: string[];
  /** Where the sweep saw other trails than ListTrails told of. Trails it found were read as well. */
  differences: Difference[];
}

/**
 * Reads the accounts of a target and everything that their trails use, wherever it lies. Never throws for what cannot be
 * read: that is in the parts. Rejects when the process has no usable credentials at all.
 */
export async function takeSnapshot(options: TakeOptions): Promise<Taken> {
  const { aws, target, config, now, parts = PART_NAMES, previous, sweep = false } = options;
  aws.forgetFailures();
  const { partition } = await aws.caller();
  const scope = target.accounts.map(({ id }) => id);
  const progress = progressOf(scope.length, options.onProgress);
  const reading = openReading({
    source: aws,
    limiter: createLimiter(),
    around: surroundings(config, partition, scope),
    keep: previous,
    onChange: progress.changed,
  });
  const walk = { reading, wanted: new Set(parts) };
  await walkEstate(walk, declaredIn(config), progress.accountDone);
  const differences = sweep ? (await Promise.all(scope.map((account) => sweepAccount(walk, account)))).flat() : [];
  const base = previous ?? emptySnapshot('', partition);
  return {
    snapshot: assemble({ ...base, takenAt: now.toISOString() }, reading, target, config),
    calls: reading.calls(),
    notes: [...reading.notes],
    differences,
  };
}

/** Where to look: what the configuration says beyond the accounts of the target. */
export function surroundings(config: SnapshotConfig, partition: string, scope: readonly string[]) {
  const { aws, archive, environments } = config;
  const listed = Object.values(environments).flatMap(({ accounts = [] }) => accounts.map(({ id }) => id));
  const others = [...listed, archive?.account, aws.organization?.account].filter((id) => id !== undefined);
  return {
    partition,
    home: aws.region,
    scope,
    known: [...new Set(others)].filter((id) => !scope.includes(id)),
    regions: aws.regions,
    organizationAccount: aws.organization?.account,
    archive,
  };
}

/** What was read, laid over `base`, with the accounts it is about. */
export function assemble(base: Snapshot, reading: OpenReading, target: Target, config: SnapshotConfig): Snapshot {
  const parts = PART_NAMES.map((name) => {
    const [before, now]: [object, object] = [base[name], reading.found[name]];
    return [name, { ...before, ...now }];
  });
  const snapshot: Snapshot = { ...base, ...Object.fromEntries(parts) };
  const complete = { ...snapshot, trail: byArn(snapshot.trail), 'account.trails': withOrganizationFlag(snapshot) };
  return { ...complete, accounts: accountFacts(complete, target, config) };
}

/** Answers arrive in any order, and what a refresh reads comes last; a plan made again from the same trails is the same. */
function byArn(trails: Snapshot['trail']): Snapshot['trail'] {
  return Object.fromEntries(Object.entries(trails).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** ListTrails does not tell an account whether a trail of its own is an organization trail; the trail itself does. */
function withOrganizationFlag(snapshot: Snapshot): Snapshot['account.trails'] {
  const listings = Object.entries(snapshot['account.trails']).map(([account, part]) => {
    if (part.state !== 'read') return [account, part] as const;
    const value = part.value.map((listing) => {
      const trail = snapshot.trail[listing.TrailARN];
      return trail?.state === 'read' ? { ...listing, IsOrganizationTrail: trail.value.IsOrganizationTrail } : listing;
    });
    return [account, { ...part, value }] as const;
  });
  return Object.fromEntries(listings);
}

function progressOf(accounts: number, report: TakeOptions['onProgress']) {
  let done = 0;
  let total = 0;
  let accountsDone = 0;
  const tell = () => {
    const phase = accountsDone < accounts ? 'Reading accounts and their trails' : 'Reading what the trails use';
    report?.({ done, total, accounts: { done: accountsDone, total: accounts }, phase });
  };
  return {
    changed(change: 'asked' | 'settled') {
      if (change === 'asked') total += 1;
      else done += 1;
      tell();
    },
    accountDone() {
      accountsDone += 1;
      tell();
    },
  };
}
