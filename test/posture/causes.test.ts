import { expect, test } from 'vitest';
import type { Finding } from '../../src/check/finding.ts';
import { consequences } from '../../src/posture/causes.ts';

const TRAIL = 'arn:aws:cloudtrail:us-east-1:333333333333:trail/org';

function finding(check: string, more: Partial<Finding> = {}): Finding {
  return {
    ...{ id: check, check, account: '111111111111', region: '', resource: `arn:of:${check}`, title: check },
    ...{ verdict: 'fail', severity: 'low', evidence: {}, missingPermissions: [], notes: [], controls: {}, fix: 'none' },
    ...more,
  };
}

const alarm = finding('alarm/root-usage', { cause: 'trail/logging' });

test.each([
  { name: 'in the same account', cause: finding('trail/logging') },
  {
    name: 'on the trail it is inherited from',
    alarm: { ...alarm, inheritedFrom: TRAIL },
    cause: finding('trail/logging', { account: '333333333333', resource: TRAIL }),
  },
])('a finding follows from its cause $name', ({ cause, alarm: inherited = alarm }) => {
  expect([...consequences([inherited, cause])]).toEqual([['alarm/root-usage', 'trail/logging']]);
});

test.each([
  { name: 'passes', cause: finding('trail/logging', { verdict: 'pass' }) },
  { name: 'fails elsewhere', cause: finding('trail/logging', { account: '999999999999' }) },
  { name: 'is accepted', cause: finding('trail/logging', { verdict: 'exempt' }) },
])('a finding stands for itself where its cause $name', ({ cause }) => {
  expect(consequences([alarm, cause]).size).toBe(0);
});

test('no finding is its own cause', () => {
  expect(consequences([finding('trail/logging', { cause: 'trail/logging' })]).size).toBe(0);
});
