import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/console-login-without-mfa.ts';
import { alarmFamily, judged } from './family.ts';

const CIS =
  '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }';
const family = { check, cis: CIS };

alarmFamily(family);

describe('alarm/console-login-without-mfa', () => {
  it('Form of two clauses: pass, with the note that federated users set it off', () => {
    expect(
      judged(family, '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }'),
    ).toMatchObject({
      verdict: 'pass',
      notes: ['Federated users set the filter off too: AWS does not see their MFA.'],
    });
  });

  it.each(['($.userIdentity.type = "IAMUser")', '($.responseElements.ConsoleLogin = "Success")'])(
    'Three clauses (IAMUser or Success missing): pass, broader than asked (without %s)',
    (clause) => {
      expect(judged(family, CIS.replace(` && ${clause}`, ''))).toMatchObject({
        verdict: 'pass',
        notes: [expect.stringContaining('matches more than is asked for')],
      });
    },
  );

  it('MFAUsed = "No": fail, the field is missing in some events', () => {
    expect(judged(family, CIS.replace('MFAUsed != "Yes"', 'MFAUsed = "No"')).verdict).toBe('fail');
  });
});
