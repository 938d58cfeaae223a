import { regionOf } from '../../src/sandbox/aws/region.ts';
import type {
  Account,
  Alarm,
  Bucket,
  Estate,
  Key,
  PolicyDocument,
  PolicyStatement,
  Topic,
  Trail,
} from '../../src/sandbox/aws/types.ts';

/** Finders in a simulated estate; each throws for what is not there. */
export function accountIn(estate: Estate, id: string): Account {
  return found(estate.accounts.get(id), id);
}

export function trailIn(estate: Estate, arn: string): Trail {
  const [, , , region = '', account = '', name = ''] = arn.split(':');
  return found(regionOf(accountIn(estate, account), region).trails.get(name.replace('trail/', '')), arn);
}

export function removeTrail(estate: Estate, arn: string): void {
  const { name, homeRegion } = trailIn(estate, arn);
  regionOf(accountIn(estate, arn.split(':')[4] ?? ''), homeRegion).trails.delete(name);
}

export function bucketIn(estate: Estate, name: string): Bucket {
  return found(estate.buckets.get(name), name);
}

export function keyIn(estate: Estate, arn: string): Key {
  const [, , , region = '', account = '', name = ''] = arn.split(':');
  return found(regionOf(accountIn(estate, account), region).keys.get(name.replace('key/', '')), arn);
}

export function alarmIn(estate: Estate, account: string, region: string): Alarm {
  return found([...regionOf(accountIn(estate, account), region).alarms.values()][0], `alarm in ${account}`);
}

export function topicIn(estate: Estate, account: string, region: string): Topic {
  return found([...regionOf(accountIn(estate, account), region).topics.values()][0], `topic in ${account}`);
}

/** A statement that somebody adds meanwhile and that every later plan has to keep. */
export function addStatement(policy: PolicyDocument | undefined, statement: Partial<PolicyStatement> = {}): void {
  found(policy, 'a policy').Statement.push({
    Sid: 'AddedMeanwhile',
    Effect: 'Deny',
    Principal: { AWS: 'arn:aws:iam::888888888888:root' },
    Action: 's3:DeleteObject',
    Resource: '*',
    ...statement,
  });
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the estate has no ${what}`);
  return value;
}
