import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/console-login-failures.ts';
import { alarmFamily, judged } from './family.ts';

const CIS = '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }';
const family = { check, cis: CIS };

alarmFamily(family);

describe('alarm/console-login-failures', () => {
  it('Unquoted message: the service would not have taken it; never met', () => {
    expect(judged(family, '{ ($.eventName = ConsoleLogin) && ($.errorMessage = Failed authentication) }').verdict).toBe(
      'fail',
    );
  });

  it('responseElements.ConsoleLogin = "Failure" instead of the message: pass, same events', () => {
    const pattern = '{ ($.eventName = ConsoleLogin) && ($.responseElements.ConsoleLogin = "Failure") }';
    expect(judged(family, pattern)).toMatchObject({ verdict: 'pass', notes: [] });
  });
});
