import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/security-group-changes.ts';
import { TOPIC_ARN } from '../../support/snapshot.ts';
import { planOf } from '../bucket/support.ts';
import { alarmFamily, filters, judged } from './family.ts';

const CIS =
  '{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) || ($.eventName = ModifySecurityGroupRules) }';
const SIX = CIS.replace(' || ($.eventName = ModifySecurityGroupRules)', '');
const family = { check, cis: CIS, securityHub: [SIX, '{ $.eventName = ModifySecurityGroupRules }'] };

alarmFamily(family);

const MODIFY = '{ $.eventName = ModifySecurityGroupRules }';

describe('alarm/security-group-changes', () => {
  it('Six events without ModifySecurityGroupRules: fail, pass with a note when require_modify_rules is false', () => {
    expect(judged(family, SIX)).toMatchObject({ verdict: 'fail', evidence: { missed: ['ModifySecurityGroupRules'] } });
    expect(judged({ ...family, settings: { require_modify_rules: false } }, SIX)).toMatchObject({
      verdict: 'pass',
      notes: ['No filter matches ModifySecurityGroupRules.'],
    });
  });

  it('Seventh event in a filter of its own with an alarm: pass', () => {
    expect(judged(family, SIX, MODIFY)).toMatchObject({ verdict: 'pass', notes: [] });
  });

  it('writes the seventh event into a second filter on the same metric, since Security Hub refuses it in the first', () => {
    const { changes } = planOf(check, filters(), { settings: { topic_arn: TOPIC_ARN } });
    const written = changes.filter(({ operation }) => operation === 'logs:PutMetricFilter').map(({ input }) => input);
    expect(written).toHaveLength(2);
    expect(written[1]?.metricTransformations).toEqual(written[0]?.metricTransformations);
    expect(written[1]?.filterName).toBe(`${String(written[0]?.filterName)}-modify-rules`);
  });
});
