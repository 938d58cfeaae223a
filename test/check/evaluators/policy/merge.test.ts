import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../../src/check/evaluators/policy/decide.ts';
import { mergeStatements, removeStatements } from '../../../../src/check/evaluators/policy/merge.ts';
import { policySize } from '../../../../src/check/evaluators/policy/size.ts';
import {
  accessLogTargetStatement,
  bucketDeliveryStatements,
  keyDeliveryStatements,
  topicAlarmStatement,
} from '../../../../src/check/evaluators/policy/statements.ts';
import { policies, statements } from '../arbitraries.ts';
import { BUCKET, policyOf, TRAIL, withStatements } from './support.ts';

const delivery = { partition: 'aws', bucket: 'b', prefix: undefined, trailArn: TRAIL, accountId: '111111111111' };
const wanted = bucketDeliveryStatements(delivery);

describe('mergeStatements', () => {
  it('makes a policy where there was none', () => {
    const { document, added, unchanged } = mergeStatements(undefined, wanted);
    expect(document).toEqual({ Version: '2012-10-17', Statement: wanted });
    expect(added).toEqual(wanted);
    expect(unchanged).toBe(false);
  });

  it('keeps what it does not touch exactly as read, other members of the document too', () => {
    const tls = {
      Sid: 'Tls',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: '*',
      Condition: { Bool: { 'aws:securetransport': false } },
    };
    const { document } = mergeStatements(policyOf({ Version: '2008-10-17', Id: 'x', Statement: tls }), wanted);
    expect(document).toEqual({ Version: '2008-10-17', Id: 'x', Statement: [tls, ...wanted] });
    expect(document.Statement[0]).toBe(tls);
  });

  it.each<[string, object]>([
    [
      'the same under another Sid, key in another case',
      {
        Sid: 'X',
        Condition: { stringEquals: { 'AWS:SourceArn': [TRAIL], 's3:X-Amz-Acl': 'bucket-owner-full-control' } },
      },
    ],
    ['wider in action and resource', { Action: 's3:Put*', Resource: `${BUCKET}/*` }],
    [
      'wider in condition',
      { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:111111111111:trail/*' } } },
    ],
    ['without a condition', { Condition: undefined }],
    ['for several services', { Principal: { Service: ['config.amazonaws.com', 'cloudtrail.amazonaws.com'] } }],
  ])('does not add what is there: %s', (_, change) => {
    const [check, write] = wanted;
    expect(mergeStatements(withStatements(check, { ...write, ...change }), wanted)).toMatchObject({
      unchanged: true,
      added: [],
      changed: [],
    });
  });

  it('extends the list of trails where nothing else differs', () => {
    const other = `${TRAIL}-2`;
    const [check] = bucketDeliveryStatements({ ...delivery, trailArn: other });
    const { changed, added, document } = mergeStatements(withStatements(check), wanted);
    expect(changed).toEqual([
      {
        index: 0,
        before: check,
        after: { ...check, Condition: { StringEquals: { 'aws:SourceArn': [other, TRAIL] } } },
      },
    ]);
    expect(added).toEqual([wanted[1]]);
    expect(document.Statement).toHaveLength(2);
  });

  it('extends the list of resources where the trails are the same', () => {
    const organization = bucketDeliveryStatements({ ...delivery, organizationId: 'o-1' });
    const { changed, added } = mergeStatements(withStatements(...wanted), organization);
    expect(added).toEqual([]);
    expect(changed).toMatchObject([
      { index: 1, after: { Resource: [`${BUCKET}/AWSLogs/111111111111/*`, `${BUCKET}/AWSLogs/o-1/*`] } },
    ]);
  });

  it('never mixes two trails with two paths: a statement of its own, under a free Sid', () => {
    const other = bucketDeliveryStatements({
      ...delivery,
      accountId: '222222222222',
      trailArn: TRAIL.replace('111111111111', '222222222222'),
    });
    const { document, changed, added } = mergeStatements(withStatements(...other), wanted);
    expect(changed.map(({ index }) => index)).toEqual([0]);
    expect(added).toEqual([{ ...wanted[1], Sid: 'AWSCloudTrailWrite2' }]);
    expect(document.Statement[1]).toBe(other[1]);
  });

  it('adds trails to a key policy account by account', () => {
    const keys = { partition: 'aws', trailArns: [TRAIL], accountIds: ['111111111111'], decryptForBucketKey: false };
    const root = {
      Sid: 'Root',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111111111111:root' },
      Action: 'kms:*',
      Resource: '*',
    };
    const first = mergeStatements(withStatements(root), keyDeliveryStatements(keys));
    expect(first.document.Statement).toEqual([root, ...keyDeliveryStatements(keys)]);
    const more = mergeStatements(
      policyOf(first.document),
      keyDeliveryStatements({ ...keys, trailArns: [`${TRAIL}-2`] }),
    );
    expect(more.changed.map(({ index }) => index)).toEqual([1, 2]);
    expect(more.added).toEqual([]);
  });

  const requests = fc.record({
    principal: fc.constantFrom(
      { service: 'cloudtrail.amazonaws.com' },
      { service: 'config.amazonaws.com' },
      { aws: 'arn:aws:iam::111111111111:role/r' },
    ),
    action: fc.constantFrom('s3:PutObject', 's3:GetBucketAcl', 's3:DeleteBucket'),
    resource: fc.constantFrom(BUCKET, `${BUCKET}/x`, `${BUCKET}/AWSLogs/1/x`),
    context: fc.record({
      'aws:sourcearn': fc.constantFrom(['t1'], ['t2'], []),
      'aws:sourceaccount': fc.constantFrom(['111111111111'], []),
      's3:x-amz-acl': fc.constantFrom(['t1'], []),
      'aws:securetransport': fc.constantFrom(['true'], ['false']),
    }),
  });

  it('loses nothing, grants what is wanted and no more, and changes nothing the second time', () => {
    const wishes = fc.array(
      statements.map((it) => ({ ...it, Effect: 'Allow' })),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(policies, wishes, fc.array(requests, { minLength: 10, maxLength: 10 }), (before, more, asked) => {
        const merge = mergeStatements(policyOf(before), more);
        const touched = merge.changed.map(({ index }) => index);
        for (const [index, statement] of before.Statement.entries()) {
          if (!touched.includes(index)) expect(merge.document.Statement[index]).toBe(statement);
        }
        const [old, wish, after] = [policyOf(before), withStatements(...more), policyOf(merge.document)];
        for (const request of asked) {
          const allowed = [old, wish].some(
            (policy) =>
              decide({ ...policy, statements: policy.statements.filter(({ effect }) => effect === 'Allow') }, request)
                .effect === 'allow',
          );
          const denied = decide(old, request).effect === 'deny';
          expect(decide(after, request).effect).toBe(denied ? 'deny' : allowed ? 'allow' : 'implicit');
        }
        expect(mergeStatements(after, more)).toMatchObject({ unchanged: true, document: merge.document });
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('around a merge', () => {
  it('takes statements out by their place, and says when nothing is left', () => {
    const policy = withStatements(...wanted);
    expect(removeStatements(policy, [0])).toEqual({ Version: '2012-10-17', Statement: [wanted[1]] });
    expect(removeStatements(policy, [0, 1])).toBeUndefined();
  });

  it('measures bytes, not characters', () => {
    const statement = (text: string) => ({ Version: '2012-10-17', Statement: [{ Sid: text }] });
    expect(policySize('bucket', statement('é')).bytes).toBe(policySize('bucket', statement('e')).bytes + 1);
    expect(policySize('bucket', statement('x'.repeat(21_000)))).toMatchObject({ fits: false, limit: 20_480 });
    expect(policySize('key', statement('x'.repeat(21_000))).fits).toBe(true);
  });

  it('builds statements in the partition of the caller', () => {
    const china = bucketDeliveryStatements({ ...delivery, partition: 'aws-cn', prefix: 'p', organizationId: 'o-1' });
    expect(china.map(({ Resource }) => Resource)).toEqual([
      'arn:aws-cn:s3:::b',
      'arn:aws-cn:s3:::b/p/AWSLogs/111111111111/*',
      'arn:aws-cn:s3:::b/p/AWSLogs/o-1/*',
    ]);
    const logging = { partition: 'aws', targetBucket: 't', prefix: 'b/', sourceBucket: 'b', accountId: '111111111111' };
    expect(accessLogTargetStatement(logging)).toMatchObject({
      Resource: 'arn:aws:s3:::t/b/*',
      Condition: { ArnLike: { 'aws:SourceArn': BUCKET }, StringEquals: { 'aws:SourceAccount': '111111111111' } },
    });
    const topicArn = 'arn:aws:sns:eu-west-1:111111111111:alarms';
    expect(topicAlarmStatement({ topicArn, accountId: '111111111111' })).toMatchObject({
      Action: 'sns:Publish',
      Resource: topicArn,
    });
  });
});
