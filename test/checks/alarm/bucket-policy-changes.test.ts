import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/bucket-policy-changes.ts';
import { alarmFamily, judged } from './family.ts';

const CIS =
  '{ ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl) || ($.eventName = PutBucketPolicy) || ($.eventName = PutBucketCors) || ($.eventName = PutBucketLifecycle) || ($.eventName = PutBucketReplication) || ($.eventName = DeleteBucketPolicy) || ($.eventName = DeleteBucketCors) || ($.eventName = DeleteBucketLifecycle) || ($.eventName = DeleteBucketReplication)) }';
const family = { check, cis: CIS };

alarmFamily(family);

describe('alarm/bucket-policy-changes', () => {
  it('API names in place of event names: fail, they never occur', () => {
    const wrong = CIS.replace('PutBucketLifecycle)', 'PutBucketLifecycleConfiguration)');
    expect(judged(family, wrong)).toMatchObject({ verdict: 'fail', evidence: { missed: ['PutBucketLifecycle'] } });
  });
});
