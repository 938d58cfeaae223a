import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { errorOf } from '../core/support.ts';
import { archiveClient, ARCHIVE_BUCKET as Bucket } from './support.ts';

describe('lifecycle', () => {
  const put = (Rules: LifecycleRule[]) =>
    new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } });
  const rule = (change: Partial<LifecycleRule>): LifecycleRule => ({
    ID: 'logs',
    Status: 'Enabled',
    Filter: { Prefix: 'AWSLogs/' },
    Expiration: { Days: 400 },
    ...change,
  });

  test('rules come back as they were put and replace what was there', async () => {
    const { client } = await archiveClient();
    const rules = [
      rule({
        Transitions: [{ Days: 90, StorageClass: 'GLACIER' }],
        NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 2 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      }),
      rule({ ID: 'tagged', Filter: { And: { Prefix: 'a', Tags: [{ Key: 'k', Value: 'v' }] } } }),
    ];
    await client.send(put([rule({ ID: 'before' })]));
    await client.send(put(rules));
    const read = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(read.Rules).toEqual(rules);
    expect(read.TransitionDefaultMinimumObjectSize).toBe('all_storage_classes_128K');
    await client.send(new DeleteBucketLifecycleCommand({ Bucket }));
    expect((await errorOf(client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).status).toBe(404);
  });

  test.each<[string, LifecycleRule[], string]>([
    ['no rule', [], 'MalformedXML'],
    ['a rule without filter', [{ ID: 'x', Status: 'Enabled', Expiration: { Days: 1 } }], 'MalformedXML'],
    ['a rule with prefix and filter', [rule({ Prefix: '' })], 'MalformedXML'],
    ['a rule that does nothing', [{ ID: 'x', Status: 'Enabled', Filter: { Prefix: '' } }], 'InvalidRequest'],
    ['days below one', [rule({ Expiration: { Days: 0 } })], 'InvalidArgument'],
    ['two expirations in one', [rule({ Expiration: { Days: 1, ExpiredObjectDeleteMarker: true } })], 'MalformedXML'],
    [
      'infrequent access too early',
      [rule({ Transitions: [{ Days: 10, StorageClass: 'STANDARD_IA' }] })],
      'InvalidArgument',
    ],
    ['expiry before transition', [rule({ Transitions: [{ Days: 500, StorageClass: 'GLACIER' }] })], 'InvalidArgument'],
    ['the same id twice', [rule({}), rule({})], 'InvalidArgument'],
    ['1001 rules', Array.from({ length: 1001 }, (_, index) => rule({ ID: `r${index}` })), 'MalformedXML'],
  ])('%s is refused', async (_what, rules, code) => {
    const { client } = await archiveClient();
    expect((await errorOf(client.send(put(rules)))).name).toBe(code);
  });
});
