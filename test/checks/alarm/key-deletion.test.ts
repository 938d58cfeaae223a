import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/key-deletion.ts';
import { read, TRAIL_ARN, withPart, withTrail } from '../../support/snapshot.ts';
import { findingOf } from '../bucket/support.ts';
import { alarmFamily, anyOf, filters, judged } from './family.ts';

const CIS = '{($.eventSource = kms.amazonaws.com) && (($.eventName=DisableKey)||($.eventName=ScheduleKeyDeletion)) }';
const family = { check, cis: CIS };

alarmFamily(family);

const withoutKms = {
  EventSelectors: [
    { ReadWriteType: 'All', IncludeManagementEvents: true, ExcludeManagementEventSources: ['kms.amazonaws.com'] },
  ],
};

describe('alarm/key-deletion', () => {
  it('Trail excludes KMS events: fail, with alarm/no-dead-filters as the cause', () => {
    const snapshot = withPart(filters(CIS), 'trail.selectors', TRAIL_ARN, read(withoutKms));
    expect(findingOf(check, snapshot)).toMatchObject({
      verdict: 'fail',
      cause: 'alarm/no-dead-filters',
      reason: 'No alarm can come of DisableKey, ScheduleKeyDeletion: audit leaves out kms.amazonaws.com.',
      fix: 'none',
    });
  });

  it('points to the selectors where there is no filter yet: an alarm made now would never go off', () => {
    const snapshot = withPart(filters(), 'trail.selectors', TRAIL_ARN, read(withoutKms));
    expect(findingOf(check, snapshot)).toMatchObject({
      verdict: 'fail',
      cause: 'trail/no-excluded-sources',
      fix: 'none',
    });
  });

  it('passes where a second trail on the same group records them', () => {
    const first = withPart(filters(CIS), 'trail.selectors', TRAIL_ARN, read(withoutKms));
    expect(findingOf(check, withTrail(first, { name: 'second' })).verdict).toBe('pass');
  });

  it('eventSource clause missing: pass, broader', () => {
    expect(judged(family, anyOf('DisableKey', 'ScheduleKeyDeletion')).verdict).toBe('pass');
  });
});
