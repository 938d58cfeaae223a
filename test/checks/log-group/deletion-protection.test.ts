import { describe, expect, it } from 'vitest';
import check from '../../../checks/log-group/deletion-protection.ts';
import { healthySnapshot, LOG_GROUP_ARN, unsupported, withLogGroup, withPart } from '../../support/snapshot.ts';
import { findingOf, onlyChange, planOf } from '../bucket/support.ts';
import { readsTheGroup, saysLikeAll } from './support.ts';

const protectedBy = (deletionProtectionEnabled: boolean | undefined) =>
  withLogGroup(healthySnapshot(), { group: { deletionProtectionEnabled } });

describe('log-group/deletion-protection', () => {
  saysLikeAll(check);
  readsTheGroup(check);

  it.each([
    ['off', false],
    ['Field missing in the answer: counts as false', undefined],
  ])('%s', (_, state) => {
    expect(findingOf(check, protectedBy(state))).toMatchObject({ verdict: 'fail', severity: 'low', fix: 'auto' });
  });

  it('Operation unknown in the region: not-applicable', () => {
    const snapshot = withPart(healthySnapshot(), 'logGroup', LOG_GROUP_ARN, unsupported('logs:DescribeLogGroups'));
    expect(findingOf(check, snapshot).verdict).toBe('not-applicable');
  });
});

describe('plan of log-group/deletion-protection', () => {
  it.each([
    ['off', false, false],
    ['not told', undefined, null],
  ])('turns it on where it is %s, and off again', (_, state, expected) => {
    const operation = 'logs:PutLogGroupDeletionProtection';
    const logGroupIdentifier = 'cloudtrail';
    expect(onlyChange(planOf(check, protectedBy(state)))).toMatchObject({
      operation,
      input: { logGroupIdentifier, deletionProtectionEnabled: true },
      target: `logGroup:${LOG_GROUP_ARN}`,
      expect: { deletionProtectionEnabled: expected },
      result: { deletionProtectionEnabled: true },
      undo: { operation, input: { logGroupIdentifier, deletionProtectionEnabled: false }, automatic: true },
    });
  });

  it('never: Count it as protection of single streams or of retention', () => {
    expect(planOf(check, protectedBy(false)).guards.join(' ')).toContain('Single streams and the retention are not');
  });
});
