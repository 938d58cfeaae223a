import { describe, expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_ARCHIVE_KEY, DEMO_BUCKETS, DEMO_TRAILS, key } from '../../src/sandbox/aws/index.ts';
import { accountIn, bucketIn, keyIn, trailIn } from '../fixes/estate.ts';
import { ALREADY_BROKEN, traps, undelivered } from './support.ts';

/* Encryption with a key that lies in another region than the bucket, or whose policy nobody had prepared. */

const { management, archive, data } = DEMO_ACCOUNTS;
const ELSEWHERE = `arn:aws:kms:eu-west-1:${archive}:key/0a11ce00-9999-4999-8999-e15e3e4e9999`;
const { spring } = traps();
const check = 'trail/kms-encryption';

describe('a key in the wrong region', () => {
  test('declared for the region of the bucket by mistake: nothing is changed', async () => {
    const { estate, plan, writes } = await spring({
      check,
      target: management,
      resource: 'acme-org-trail',
      file: { keys: { 'us-east-1': ELSEWHERE } },
      change: (shaped) => {
        key(shaped, accountIn(shaped, archive), 'eu-west-1', ELSEWHERE.split('/')[1] ?? '');
      },
    });
    expect(plan).toBeUndefined();
    expect(writes).toEqual([]);
    expect(trailIn(estate, DEMO_TRAILS.organization).kmsKeyId).toBeUndefined();
  });

  test('the only key there is lies in another region than the bucket: nothing is changed', async () => {
    const { estate, plan, writes } = await spring({
      check,
      target: data,
      resource: 'legacy-data-trail',
      file: { keys: { 'us-east-1': DEMO_ARCHIVE_KEY } },
    });
    expect(plan).toBeUndefined();
    expect(writes).toEqual([]);
    expect(trailIn(estate, DEMO_TRAILS.legacy).kmsKeyId).toBeUndefined();
  });
});

describe('a key that CloudTrail may not use yet', () => {
  const trap = {
    check,
    target: management,
    resource: 'acme-org-trail',
    file: { keys: { 'us-east-1': DEMO_ARCHIVE_KEY } },
  };

  test('is opened to the trail first, in the same plan, and the trail goes on delivering', async () => {
    const { estate, writes } = await spring(trap);
    expect(writes.map(({ operation }) => operation)).toEqual(['PutKeyPolicy', 'UpdateTrail']);
    expect(trailIn(estate, DEMO_TRAILS.organization).kmsKeyId).toBe(DEMO_ARCHIVE_KEY);
    expect(undelivered(estate)).toEqual(ALREADY_BROKEN);
  });

  test('keeps every statement it had', async () => {
    const { estate } = await spring({
      ...trap,
      change: (shaped) => {
        keyIn(shaped, DEMO_ARCHIVE_KEY).policy.Statement.push({
          Sid: 'Analysts',
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${archive}:root` },
          Action: 'kms:Decrypt',
          Resource: '*',
        });
      },
    });
    const sids = keyIn(estate, DEMO_ARCHIVE_KEY).policy.Statement.map(({ Sid }) => Sid);
    expect(sids).toEqual(expect.arrayContaining(['Enable IAM policies', 'Analysts']));
  });

  test('whose policy cannot be read is not used', async () => {
    const { estate, plan, writes } = await spring({
      ...trap,
      change: (shaped) => {
        shaped.knobs.denied.push({ account: archive, action: 'kms:GetKeyPolicy' });
      },
    });
    expect(plan).toBeUndefined();
    expect(writes).toEqual([]);
    expect(trailIn(estate, DEMO_TRAILS.organization).kmsKeyId).toBeUndefined();
  });

  test('that is disabled or about to be deleted is not used', async () => {
    for (const state of ['Disabled', 'PendingDeletion'] as const) {
      const { plan, writes } = await spring({
        ...trap,
        change: (shaped) => {
          keyIn(shaped, DEMO_ARCHIVE_KEY).state = state;
        },
      });
      expect({ state, plan }).toEqual({ state, plan: undefined });
      expect(writes).toEqual([]);
    }
  });

  describe('as the default of the bucket', () => {
    const byDefault = {
      check: 'bucket/default-encryption',
      target: management,
      resource: DEMO_BUCKETS.archive,
      file: { keys: { 'us-east-1': DEMO_ARCHIVE_KEY } },
    };

    test('is opened to the trails first', async () => {
      const { estate, writes } = await spring({
        ...byDefault,
        change: (shaped) => {
          const { policy } = bucketIn(shaped, DEMO_BUCKETS.archive);
          if (policy) policy.Statement = policy.Statement.filter(({ Sid }) => Sid !== 'VendorBackup');
        },
      });
      expect(writes.map(({ operation }) => operation)).toEqual(['PutKeyPolicy', 'PutBucketEncryption']);
      expect(JSON.stringify(bucketIn(estate, DEMO_BUCKETS.archive).encryption)).toContain(DEMO_ARCHIVE_KEY);
      expect(undelivered(estate)).toEqual(ALREADY_BROKEN);
    });

    test('is not set where it would shut out somebody whom the bucket lets in', async () => {
      const { plan, writes } = await spring(byDefault);
      expect(plan).toBeUndefined();
      expect(writes).toEqual([]);
    });
  });
});
