import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/dedicated.ts';
import type { JsonObject } from '../../../src/snapshot/types.ts';
import { ACCOUNT, absent, BUCKET, healthySnapshot, withBucket } from '../../support/snapshot.ts';
import { bucketEdges } from './edges.ts';
import { findingOf, fixOf } from './support.ts';

const ROLE = `arn:aws:iam::${ACCOUNT}:role/uploader`;

function withWriter(Principal: JsonObject | string, more: JsonObject = {}) {
  const statement = {
    Sid: 'Writer',
    Effect: 'Allow',
    Principal,
    Action: 's3:PutObject',
    Resource: `arn:aws:s3:::${BUCKET}/*`,
    ...more,
  };
  return withBucket(healthySnapshot(), { policy: { Version: '2012-10-17', Statement: [statement] } });
}
const service = (Service: string) => withWriter({ Service });

bucketEdges(check, {
  'bucket.policy': {
    action: 's3:GetBucketPolicy',
    edge: 'AccessDenied on GetBucketPolicy: unknown, naming GetBucketPolicy',
  },
  'bucket.website': 's3:GetBucketWebsite',
});

describe('bucket/dedicated', () => {
  it.each([
    ['AWS Config in the same archive bucket (Control Tower): in writers by default', service('config.amazonaws.com')],
    ["CloudTrail's old accounts", withWriter({ AWS: 'arn:aws:iam::086441151436:root' })],
    ['a role that may only read', withWriter({ AWS: ROLE }, { Action: 's3:GetObject' })],
    ['a Deny', withWriter('*', { Effect: 'Deny' })],
    ['no policy at all', withBucket(healthySnapshot(), { policy: absent('NoSuchBucketPolicy') })],
  ])('passes: %s', (_, snapshot) => {
    expect(findingOf(check, snapshot).verdict).toBe('pass');
  });

  it.each([
    ['A role that may PutObject: fail, naming it', withWriter({ AWS: ROLE }), `${ROLE} (Writer)`],
    ['everybody', withWriter('*'), 'everybody (Writer)'],
    ['all of s3', withWriter({ AWS: ROLE }, { Action: 's3:*' }), `${ROLE} (Writer)`],
  ])('fails, naming the writer: %s', (_, snapshot, writer) => {
    expect(findingOf(check, snapshot)).toMatchObject({
      verdict: 'fail',
      fix: 'manual',
      reason: `Others may write here too: ${writer}.`,
    });
  });

  it.each(['delivery.logs.amazonaws.com', 'logging.s3.amazonaws.com'])(
    'delivery.logs.amazonaws.com (flow logs) or logging.s3.amazonaws.com (access logs of other buckets): fail unless in writers (%s)',
    (writer) => {
      expect(findingOf(check, service(writer))).toMatchObject({
        verdict: 'fail',
        reason: `Others may write here too: ${writer} (Writer).`,
      });
      expect(findingOf(check, service(writer), { settings: { writers: [writer] } }).verdict).toBe('pass');
    },
  );

  it('Write access by identity policies inside the account is the business of iam/log-file-access', () => {
    // Nothing of IAM is even asked for.
    expect(check.needs.filter((part) => part.startsWith('iam.'))).toEqual([]);
  });

  it('accepts the writers of the settings', () => {
    const settings = { writers: ['cloudtrail.amazonaws.com', 'delivery.logs.amazonaws.com'] };
    expect(findingOf(check, service('delivery.logs.amazonaws.com'), { settings }).verdict).toBe('pass');
    expect(findingOf(check, service('config.amazonaws.com'), { settings }).verdict).toBe('fail');
  });

  it('fails a website', () => {
    const snapshot = withBucket(healthySnapshot(), { website: { IndexDocument: { Suffix: 'index.html' } } });
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', reason: 'The bucket is a website.' });
  });

  it('guides: nobody is removed unasked', () => {
    const proposal = fixOf(check, withWriter({ AWS: ROLE }));
    expect(proposal.kind).toBe('manual');
    expect(JSON.stringify(proposal)).toContain(ROLE);
  });
});
