import type { JsonObject, Snapshot, Unreadable } from '../snapshot/types.ts';
import type { OwnedBucket } from './bucket.ts';
import { partOf } from './check.ts';
import { isRecord } from './evaluators/values.ts';

/** Whether a replication rule makes a copy that counts; `why` is half a sentence. */
export type CopyJudgement = { ok: true } | { ok: false; why: string } | { ok: 'unknown'; because: Unreadable | string };

/** `{Status: 'Enabled'}`. */
export function isOn(part: unknown): boolean {
  return isRecord(part) && part.Status === 'Enabled';
}

/** Name of the bucket a rule copies to. */
export function targetOf({ Destination }: JsonObject): string {
  return isRecord(Destination) ? String(Destination.Bucket).replace(/^arn:[^:]+:s3:::/, '') : '';
}

/** The bucket of this estate whose copy a bucket is. */
export function replicaOf(snapshot: Pick<Snapshot, 'bucket.replication'>, name: string): string | undefined {
  return Object.entries(snapshot['bucket.replication']).find(
    ([source, part]) =>
      source !== name &&
      part.state === 'read' &&
      part.value.Rules.some((rule) => rule.Status === 'Enabled' && targetOf(rule) === name),
  )?.[0];
}

/** Does a rule reach everything under the folder? One that picks by tag reaches no log file: CloudTrail tags nothing. */
export function ruleCovers(rule: JsonObject, folder: string): boolean {
  const filter: Readonly<Record<string, unknown>> = isRecord(rule.Filter) ? rule.Filter : { Prefix: rule.Prefix };
  const { Prefix, Tag, Tags } = isRecord(filter.And) ? filter.And : { ...filter, Tags: undefined };
  const tagged = Tag !== undefined || (Array.isArray(Tags) && Tags.length > 0);
  return !tagged && folder.startsWith(typeof Prefix === 'string' ? Prefix : '');
}

/** Does the target lie as far apart as asked? */
export function judgePlace(
  snapshot: Pick<Snapshot, 'bucket'>,
  source: OwnedBucket,
  rule: JsonObject,
  apart: 'region' | 'account' | 'region-or-account',
): CopyJudgement {
  const name = targetOf(rule);
  const named = isRecord(rule.Destination) ? rule.Destination.Account : undefined;
  const target = partOf(snapshot.bucket, name);
  if (target.state === 'absent') return { ok: false, why: `the target ${name} does not exist` };
  const read = target.state === 'read' ? target.value : undefined;
  const region = read === undefined ? undefined : read.region !== source.region;
  // A bucket that none of the accounts owns, all of them listed, belongs to somebody else.
  const owner =
    read?.owner ?? (typeof named === 'string' ? named : read?.everyAccountListed ? 'somebody else' : undefined);
  const account = owner === undefined ? undefined : owner !== source.owner;
  const asked = apart === 'region' ? [region] : apart === 'account' ? [account] : [region, account];
  if (asked.includes(true)) return { ok: true };
  if (!asked.includes(undefined)) {
    return { ok: false, why: `its target ${name} lies in the same ${apart.replace('-or-', ' and ')}` };
  }
  if (target.state !== 'read') return { ok: 'unknown', because: target };
  return { ok: 'unknown', because: `The owner of the target ${name} is not known.` };
}
