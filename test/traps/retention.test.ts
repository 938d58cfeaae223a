import { expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_BUCKETS } from '../../src/sandbox/aws/index.ts';
import { regionOf } from '../../src/sandbox/aws/region.ts';
import type { Estate, LogGroup } from '../../src/sandbox/aws/types.ts';
import { accountIn, bucketIn } from '../fixes/estate.ts';
import { traps } from './support.ts';

/* Retention shortened: what is older than the new end is deleted at once, and for good. */

const { web } = DEMO_ACCOUNTS;
const { spring } = traps();
const check = 'log-group/retention';
const trap = { check, target: web, resource: 'cloudtrail/web-alarms' };

function group(estate: Estate): LogGroup {
  const found = regionOf(accountIn(estate, web), 'us-east-1').logGroups.get('cloudtrail/web-alarms');
  if (found === undefined) throw new Error('the demo has no such log group');
  return found;
}

test('a shorter retention is made longer, by the first that CloudWatch Logs offers', async () => {
  const { estate, writes } = await spring({
    ...trap,
    change: (shaped) => {
      group(shaped).retentionInDays = 14;
    },
  });
  expect(writes.map(({ operation }) => operation)).toEqual(['PutRetentionPolicy']);
  expect(group(estate).retentionInDays).toBe(365);
});

test.each([
  ['a group that keeps events for longer than asked is left alone', 3653, {}],
  ['a group that keeps events for ever is not given an end', undefined, { accept_never: false }],
])('%s', async (_, retentionInDays, settings) => {
  const { estate, plan, writes } = await spring({
    ...trap,
    file: { checks: { [check]: settings } },
    change: (shaped) => {
      group(shaped).retentionInDays = retentionInDays;
    },
  });
  expect(plan).toBeUndefined();
  expect(writes).toEqual([]);
  expect(group(estate).retentionInDays).toBe(retentionInDays);
});

test('log files that are kept for longer than asked keep their longer end', async () => {
  const rule = (ID: string, Days: number) => ({
    ID,
    Status: 'Enabled',
    Filter: { Prefix: '' },
    Expiration: { Days },
    NoncurrentVersionExpiration: { NoncurrentDays: Days },
  });
  const { estate, writes } = await spring({
    check: 'bucket/no-early-expiry',
    target: web,
    resource: DEMO_BUCKETS.archive,
    change: (shaped) => {
      bucketIn(shaped, DEMO_BUCKETS.archive).lifecycle = [
        rule('early', 30),
        { ...rule('long', 3650), Filter: { Prefix: 'web/' } },
      ];
    },
  });
  expect(writes.map(({ operation }) => operation)).toEqual(['PutBucketLifecycleConfiguration']);
  const days = (ID: string) => {
    const rules = JSON.parse(JSON.stringify(bucketIn(estate, DEMO_BUCKETS.archive).lifecycle));
    return rules.find((one: { ID: string }) => one.ID === ID)?.Expiration?.Days;
  };
  expect(days('long')).toBe(3650);
  expect(days('early')).toBeGreaterThanOrEqual(365);
});
