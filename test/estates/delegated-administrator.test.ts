import { beforeAll, describe, expect, test } from 'vitest';
import {
  DELEGATED_ACCOUNTS,
  DELEGATED_ORGANIZATION,
  delegatedEstate,
} from '../../src/sandbox/aws/estates/delegated-administrator.ts';
import { failing, type ScannedEstate, scanEstate } from './support.ts';

const { security, logs, shop } = DELEGATED_ACCOUNTS;

describe('an organization trail made by a delegated administrator, whose management account is closed', () => {
  let scanned: ScannedEstate;
  beforeAll(async () => {
    scanned = await scanEstate(delegatedEstate());
  });

  test('the delegated administrator is shown, not failed', () => {
    expect(scanned.finding('organization/delegated-admin', DELEGATED_ORGANIZATION)).toMatchObject({
      verdict: 'pass',
      evidence: expect.objectContaining({ registered: [security] }),
    });
  });

  test('nothing fails for being unreadable: only what is known to be missing does', () => {
    // Config is on nowhere in this organization.
    expect(failing(scanned.findings)).toEqual({ 'config/recorder': [security, logs, shop] });
  });
});
