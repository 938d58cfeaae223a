import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/route-table-changes.ts';
import { alarmFamily, judged } from './family.ts';

const CIS =
  '{ ($.eventName = CreateRoute) || ($.eventName = CreateRouteTable) || ($.eventName = ReplaceRoute) || ($.eventName = ReplaceRouteTableAssociation) || ($.eventName = DeleteRouteTable) || ($.eventName = DeleteRoute) || ($.eventName = DisassociateRouteTable) }';
const SECURITY_HUB =
  '{($.eventSource=ec2.amazonaws.com) && (($.eventName=CreateRoute) || ($.eventName=CreateRouteTable) || ($.eventName=ReplaceRoute) || ($.eventName=ReplaceRouteTableAssociation) || ($.eventName=DeleteRouteTable) || ($.eventName=DeleteRoute) || ($.eventName=DisassociateRouteTable))}';
const family = { check, cis: CIS, securityHub: [SECURITY_HUB] };

alarmFamily(family);

const list = CIS.slice(1, -1);

describe('alarm/route-table-changes', () => {
  it('Prefix without brackets: covers all events all the same (&& binds only the first), pass', () => {
    const prefixed = `{ ($.eventSource = ec2.amazonaws.com) && ${list} }`;
    expect(judged(family, prefixed)).toMatchObject({ verdict: 'pass', notes: [] });
  });
});
