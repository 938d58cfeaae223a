import { expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_BUCKETS, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import { bucketIn, trailIn } from '../fixes/estate.ts';
import { ALREADY_BROKEN, traps, undelivered } from './support.ts';

/* Access logs by redirecting the trail to the bucket that was meant for them, and that bucket logging into itself. */

const { web, staging } = DEMO_ACCOUNTS;
const { archive, accessLogs } = DEMO_BUCKETS;
const { spring } = traps();
const check = 'bucket/access-logging';
const into = (bucket: string) => ({ checks: { [check]: { target_by_region: { 'us-east-1': bucket } } } });

test('access logs are switched on at the bucket; the trail is not touched', async () => {
  const { estate, writes } = await spring({ check, target: web, resource: archive, file: into(accessLogs) });
  expect(writes.map(({ operation }) => operation)).toContain('PutBucketLogging');
  expect(writes.filter(({ service }) => service === 'cloudtrail')).toEqual([]);
  expect(trailIn(estate, DEMO_TRAILS.organization).bucket).toBe(archive);
  expect(bucketIn(estate, archive).logging).toMatchObject({ TargetBucket: accessLogs });
  expect(undelivered(estate)).toEqual(ALREADY_BROKEN);
});

test('a target that is the log bucket itself is refused', async () => {
  const { estate, plan, writes } = await spring({ check, target: web, resource: archive, file: into(archive) });
  expect(plan).toBeUndefined();
  expect(writes).toEqual([]);
  expect(bucketIn(estate, archive).logging).toBeUndefined();
});

test('a bucket that logs into itself is never left so, and its trail stays where it is', async () => {
  const { estate } = await spring({
    check,
    target: web,
    resource: archive,
    file: into(accessLogs),
    change: (shaped) => {
      bucketIn(shaped, archive).logging = { TargetBucket: archive, TargetPrefix: 'AWSLogs/' };
    },
  });
  expect(bucketIn(estate, archive).logging).toMatchObject({ TargetBucket: accessLogs });
  expect(trailIn(estate, DEMO_TRAILS.organization).bucket).toBe(archive);
});

test('a trail is sent elsewhere only where the configuration declares the archive, by two people, and it delivers there', async () => {
  const { estate, plan } = await spring({
    check: 'trail/expected-destination',
    target: staging,
    resource: DEMO_TRAILS.staging,
    file: { archive: { bucket: archive, account: DEMO_ACCOUNTS.archive } },
  });
  expect(plan?.class).toBe('auto-second-approver');
  expect(plan?.changes.map(({ operation }) => operation)).toEqual(['s3:PutBucketPolicy', 'cloudtrail:UpdateTrail']);
  expect(trailIn(estate, DEMO_TRAILS.staging).bucket).toBe(archive);
  expect(undelivered(estate)).toEqual(ALREADY_BROKEN);
});
