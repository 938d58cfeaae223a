import { describe, expect, it } from 'vitest';
import check from '../../../checks/alarm/root-usage.ts';
import type { Snapshot } from '../../../src/snapshot/types.ts';
import { ACCOUNT, withOrganization } from '../../support/snapshot.ts';
import { alarmFamily, joined, judged } from './family.ts';

const CIS =
  '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }';
const family = { check, cis: CIS };

alarmFamily(family);

describe('alarm/root-usage', () => {
  it.each([' && $.userIdentity.invokedBy NOT EXISTS', ' && $.eventType != "AwsServiceEvent"'])(
    'Clause on invokedBy or eventType missing: pass, broader (without%s)',
    (clause) => expect(judged(family, CIS.replace(clause, '')).verdict).toBe('pass'),
  );

  it('Root limited to ConsoleLogin: fail', () => {
    expect(judged(family, joined(CIS, '&& ($.eventName = ConsoleLogin)')).verdict).toBe('fail');
  });

  it('Member accounts without root credentials: still asked for, root sessions exist', () => {
    const member = { ...family, prepare: (snapshot: Snapshot) => withOrganization(snapshot) };
    expect(judged(member)).toMatchObject({ verdict: 'fail', account: ACCOUNT });
  });
});
