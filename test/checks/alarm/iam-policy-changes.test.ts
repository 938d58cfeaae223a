import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/iam-policy-changes.ts';
import { alarmFamily, judged } from './family.ts';

const CIS =
  '{($.eventName=DeleteGroupPolicy)||($.eventName=DeleteRolePolicy)||($.eventName=DeleteUserPolicy)||($.eventName=PutGroupPolicy)||($.eventName=PutRolePolicy)||($.eventName=PutUserPolicy)||($.eventName=CreatePolicy)||($.eventName=DeletePolicy)||($.eventName=CreatePolicyVersion)||($.eventName=DeletePolicyVersion)||($.eventName=AttachRolePolicy)||($.eventName=DetachRolePolicy)||($.eventName=AttachUserPolicy)||($.eventName=DetachUserPolicy)||($.eventName=AttachGroupPolicy)||($.eventName=DetachGroupPolicy)}';
const SECURITY_HUB =
  '{($.eventSource=iam.amazonaws.com) && (($.eventName=DeleteGroupPolicy) || ($.eventName=DeleteRolePolicy) || ($.eventName=DeleteUserPolicy) || ($.eventName=PutGroupPolicy) || ($.eventName=PutRolePolicy) || ($.eventName=PutUserPolicy) || ($.eventName=CreatePolicy) || ($.eventName=DeletePolicy) || ($.eventName=CreatePolicyVersion) || ($.eventName=DeletePolicyVersion) || ($.eventName=AttachRolePolicy) || ($.eventName=DetachRolePolicy) || ($.eventName=AttachUserPolicy) || ($.eventName=DetachUserPolicy) || ($.eventName=AttachGroupPolicy) || ($.eventName=DetachGroupPolicy))}';
const family = { check, cis: CIS, securityHub: [SECURITY_HUB] };

alarmFamily(family);

const list = CIS.slice(1, -1);

describe('alarm/iam-policy-changes', () => {
  it('Prefix eventSource = iam.amazonaws.com with && and brackets: pass', () => {
    expect(judged(family, `{ ($.eventSource = iam.amazonaws.com) && (${list}) }`)).toMatchObject({
      verdict: 'pass',
      notes: [],
    });
  });

  it('Prefix without brackets round the events: covers all events all the same (&& binds only the first), pass', () => {
    expect(judged(family, `{ ($.eventSource = iam.amazonaws.com) && ${list} }`).verdict).toBe('pass');
  });

  it('CreatePolicy of Organizations also matches the short form: not a fault', () => {
    expect(judged(family, CIS)).toMatchObject({ verdict: 'pass', notes: [] });
  });

  it('fails where one of the 16 events is missing, naming it', () => {
    expect(judged(family, CIS.replace('||($.eventName=DetachGroupPolicy)', ''))).toMatchObject({
      verdict: 'fail',
      evidence: { missed: ['DetachGroupPolicy'] },
    });
  });
});
