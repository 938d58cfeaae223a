import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/vpc-changes.ts';
import { alarmFamily, judged } from './family.ts';

const CIS =
  '{ ($.eventName = CreateVpc) || ($.eventName = DeleteVpc) || ($.eventName = ModifyVpcAttribute) || ($.eventName = AcceptVpcPeeringConnection) || ($.eventName = CreateVpcPeeringConnection) || ($.eventName = DeleteVpcPeeringConnection) || ($.eventName = RejectVpcPeeringConnection) || ($.eventName = AttachClassicLinkVpc) || ($.eventName = DetachClassicLinkVpc) || ($.eventName = DisableVpcClassicLink) || ($.eventName = EnableVpcClassicLink) }';
const family = { check, cis: CIS };

alarmFamily(family);

const LIVING = CIS.replace(/ \|\| \(\$\.eventName = \w*ClassicLink\w*\)/g, '');

describe('alarm/vpc-changes', () => {
  it('The four ClassicLink events missing: pass with a note, they cannot occur any more', () => {
    expect(LIVING).not.toContain('ClassicLink');
    expect(judged(family, LIVING)).toMatchObject({
      verdict: 'pass',
      notes: ['No filter matches all four events of ClassicLink; they cannot occur any more.'],
    });
  });

  it('says nothing of them where they are there', () => {
    expect(judged(family, CIS)).toMatchObject({ verdict: 'pass', notes: [] });
  });
});
