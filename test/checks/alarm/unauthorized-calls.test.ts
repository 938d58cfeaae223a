import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/unauthorized-calls.ts';
import { alarmFamily, judged } from './family.ts';

const CIS =
  '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") && ($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket") }';
const SECURITY_HUB = '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}';
const family = { check, cis: CIS, securityHub: [SECURITY_HUB] };

alarmFamily(family);

const EXCLUDING = '($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket")';
const BOTH = '($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")';

describe('alarm/unauthorized-calls', () => {
  it("The benchmark's old text with || before the exclusions: pass with a warning that it counts almost everything", () => {
    const old = `{ ${BOTH} || ${EXCLUDING.replace('&&', '||')} }`;
    expect(judged(family, old)).toMatchObject({
      verdict: 'pass',
      notes: expect.arrayContaining(['The filter filter-0 matches nearly every event.']),
    });
  });

  it('Exclusions missing: pass', () => {
    expect(judged(family, `{ ${BOTH} }`).verdict).toBe('pass');
  });

  it('takes the exclusions in brackets, which leave more out', () => {
    expect(judged(family, `{ (${BOTH}) && ${EXCLUDING} }`).verdict).toBe('pass');
  });

  it.each(['{ $.errorCode = "*UnauthorizedOperation" }', '{ $.errorCode = "AccessDenied*" }'])(
    'Only one of the two error codes: fail (%s)',
    (pattern) => expect(judged(family, pattern).verdict).toBe('fail'),
  );

  it('Refusals caused by this bot or another scanner under an SCP: named in the finding, not left out of the filter', () => {
    for (const finding of [judged(family, CIS), judged(family)]) {
      expect(finding.notes).toEqual(expect.arrayContaining([expect.stringContaining('service control policy')]));
    }
    expect(CIS).not.toContain('userIdentity');
  });
});
