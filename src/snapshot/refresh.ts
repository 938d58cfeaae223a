import type { Aws } from '../aws/aws.ts';
import { TrailCheckError } from '../ops/error.ts';
import { accountIn } from './arn.ts';
import { PART_NAMES, splitPartKey } from './catalogue.ts';
import { declaredIn } from './declared.ts';
import { createLimiter } from './limit.ts';
import { openReading } from './reading.ts';
import { assemble, type SnapshotConfig, surroundings } from './take.ts';
import type { Target } from './target.ts';
import type { PartKey, PartName, Snapshot } from './types.ts';
import { walkEstate } from './walk.ts';

export interface RefreshOptions {
  aws: Pick<Aws, 'reader' | 'forgetFailures'>;
  snapshot: Snapshot;
  /** Parts to read again, also ones that the snapshot does not hold yet. */
  keys: readonly PartKey[];
  config: SnapshotConfig;
  now: Date;
}

/** Accounts do not come and go by a refresh: what the snapshot holds of these is all that was wanted of them. */
const OF_ACCOUNTS: readonly PartName[] = [
  'account.regions',
  'account.buckets',
  'iam.fullAccess',
  'iam.authorization',
  'config.deliveryChannel',
  'securityHub.hub',
];

/**
 * Reads some parts again and lays them over a snapshot: the incremental run, the verification after a fix and the test
 * for drift are this. Parts that change together are read together, and what the new state refers to (the key a trail
 * names now) is read if it was not known. Everything else stays as it was.
 */
export async function refresh(options: RefreshOptions): Promise<{ snapshot: Snapshot; calls: number }> {
  const { aws, snapshot, config, now } = options;
  aws.forgetFailures();
  const wanted = [...new Set(options.keys.flatMap(together))].map(parse);
  const kept = without(snapshot, wanted);
  const accounts = Object.values(snapshot.accounts).filter(({ inScope }) => inScope);
  const target: Target = { name: '', accounts };
  const reading = openReading({
    source: aws,
    limiter: createLimiter(),
    around: surroundings(
      config,
      snapshot.partition,
      accounts.map(({ id }) => id),
    ),
    keep: kept,
  });
  const present = PART_NAMES.filter((name) => !OF_ACCOUNTS.includes(name) && Object.keys(snapshot[name]).length > 0);
  const walk = { reading, wanted: new Set([...present, ...wanted.map(({ name }) => name)]) };
  await walkEstate(walk, declaredIn(config), () => undefined);
  await Promise.all(wanted.map(({ name, key }) => reading.part(name, key)));
  return {
    snapshot: assemble({ ...kept, takenAt: now.toISOString() }, reading, target, config),
    calls: reading.calls(),
  };
}

/** A part with those that change when it does. */
function together(key: PartKey): PartKey[] {
  const { name, key: of } = parse(key);
  switch (name) {
    case 'trail':
      return [key, `account.trails:${accountIn(of)}`];
    case 'bucket':
      return PART_NAMES.filter((other) => other === 'bucket' || other.startsWith('bucket.')).map(
        (other): PartKey => `${other}:${of}`,
      );
    case 'trail.insights':
      return [key, `trail:${of}`];
    case 'bucket.policy':
      return [key, `bucket.policyStatus:${of}`];
    case 'topic':
      return [key, `topic.subscriptions:${of}`];
    case 'logGroup':
      return [key, `logGroup.filters:${of}`];
    default:
      return [key];
  }
}

function parse(key: PartKey): { name: PartName; key: string } {
  const parts = splitPartKey(key);
  if (parts !== undefined) return parts;
  throw new TrailCheckError(`${key} names no part of a snapshot`, { next: `Parts are: ${PART_NAMES.join(', ')}.` });
}

function without(snapshot: Snapshot, dropped: readonly { name: PartName; key: string }[]): Snapshot {
  const next: Snapshot = { ...snapshot };
  for (const { name } of dropped) Object.assign(next, { [name]: { ...snapshot[name] } });
  for (const { name, key } of dropped) delete next[name][key];
  return next;
}
