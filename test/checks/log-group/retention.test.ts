import { describe, expect, it } from 'vitest';
import check from '../../../checks/log-group/retention.ts';
import {
  ACCOUNT,
  healthySnapshot,
  LOG_GROUP_ARN,
  REGION,
  TRAIL_ARN,
  withLogGroup,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import { readsTheGroup, saysLikeAll } from './support.ts';

const keeping = (retentionInDays: number | undefined) =>
  withLogGroup(healthySnapshot(), { group: { retentionInDays } });

describe('log-group/retention', () => {
  saysLikeAll(check);
  readsTheGroup(check);

  it.each([
    [365, 'pass'],
    [364, 'fail'],
    [30, 'fail'],
    [3653, 'pass'],
  ])('%i days: %s', (days, verdict) => {
    expect(findingOf(check, keeping(days))).toMatchObject({ verdict });
  });

  it('No retentionInDays in the answer means never expire', () => {
    const expected = { verdict: 'pass', evidence: { retentionInDays: null } };
    expect(findingOf(check, keeping(undefined))).toMatchObject(expected);
  });

  it('fails a group that never expires where the settings say so, and leaves that to people', () => {
    const given = { settings: { accept_never: false } };
    expect(findingOf(check, keeping(undefined), given)).toMatchObject({ verdict: 'fail', fix: 'manual' });
    expect(fixOf(check, keeping(undefined), given)).toMatchObject({
      kind: 'manual',
      steps: [{}, { command: expect.stringContaining('--retention-in-days 365') }, {}],
    });
  });

  it('Group that serves several trails: one finding', () => {
    const findings = findingsOf(check, withTrail(keeping(30), { name: 'second' }));
    expect(findings).toMatchObject([{ evidence: { trails: [TRAIL_ARN, `${TRAIL_ARN.replace('audit', 'second')}`] } }]);
  });

  it.each([0, 3654, 1.5])('takes no retention_days of %d', (retention_days) => {
    expect(check.settings.safeParse({ retention_days }).success).toBe(false);
  });
});

describe('plan of log-group/retention', () => {
  it.each([
    ['retention_days that AWS does not offer (say 370): the next larger offered value is planned', 370, 400],
    ['a value that AWS offers', 365, 365],
    ['the largest value', 3653, 3653],
    ['between the largest two', 3300, 3653],
  ])('%s', (_, retention_days, planned) => {
    const change = onlyChange(planOf(check, keeping(30), { settings: { retention_days } }));
    expect(change).toMatchObject({
      account: ACCOUNT,
      region: REGION,
      resource: LOG_GROUP_ARN,
      operation: 'logs:PutRetentionPolicy',
      input: { logGroupName: 'cloudtrail', retentionInDays: planned },
      expect: { retentionInDays: 30 },
      result: { retentionInDays: planned },
    });
  });

  it('is taken back to the saved days by people only, for that deletes events', () => {
    const plan = planOf(check, keeping(90));
    expect(onlyChange(plan).undo).toMatchObject({
      operation: 'logs:PutRetentionPolicy',
      input: { logGroupName: 'cloudtrail', retentionInDays: 90 },
      automatic: false,
    });
    expect(plan).toMatchObject({
      class: 'auto',
      risk: 'cost',
      warnings: ['Taking this back later deletes every event older than 90 days.'],
    });
  });

  it('never: Lower an existing retention', () => {
    for (const kept of [1, 90, 364]) {
      for (const retention_days of [1, 60, 365, 400, 3653]) {
        const given = { settings: { retention_days } };
        if (findingOf(check, keeping(kept), given).verdict === 'pass') continue;
        const { input } = onlyChange(planOf(check, keeping(kept), given));
        expect(Number(input.retentionInDays)).toBeGreaterThan(kept);
      }
    }
  });
});
