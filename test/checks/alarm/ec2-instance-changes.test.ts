import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/ec2-instance-changes.ts';
import { alarmFamily, judged } from './family.ts';

const CIS =
  '{ ($.eventName = RunInstances) || ($.eventName = RebootInstances) || ($.eventName = StartInstances) || ($.eventName = StopInstances) || ($.eventName = TerminateInstances) }';
const family = { check, cis: CIS, settings: { enabled: true } };

alarmFamily(family);

describe('alarm/ec2-instance-changes', () => {
  it('enabled false (the default): not-applicable; autoscaling would drown the channel', () => {
    expect(judged({ ...family, settings: {} }).verdict).toBe('not-applicable');
    expect(judged({ ...family, settings: { enabled: false } }).verdict).toBe('not-applicable');
  });
});
