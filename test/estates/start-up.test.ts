import { beforeAll, describe, expect, test } from 'vitest';
import { START_UP_ACCOUNT, START_UP_BUCKET, startUpEstate } from '../../src/sandbox/aws/estates/start-up.ts';
import { failing, type ScannedEstate, scanEstate, verdicts } from './support.ts';
import { ALARMS, each } from './truth.ts';

describe('a start-up with one account in no organization', () => {
  let scanned: ScannedEstate;
  beforeAll(async () => {
    scanned = await scanEstate(startUpEstate());
  });

  test('has what the console gives, and fails in what nobody did since', () => {
    expect(failing(scanned.findings)).toEqual({
      ...each(ALARMS, [START_UP_ACCOUNT]),
      ...each(
        [
          'bucket/access-logging',
          'bucket/default-encryption',
          'bucket/lifecycle',
          'bucket/mfa-delete',
          'bucket/object-lock',
          'bucket/replication',
          'bucket/tls-only',
          'bucket/versioning',
        ],
        [START_UP_BUCKET],
      ),
      ...each(
        [
          'config/managed-rules',
          'config/recorder',
          'config/security-hub',
          'data-events/lambda',
          'data-events/s3-read',
          'data-events/s3-write',
          'insights/enabled',
          'trail/security-trail',
        ],
        [START_UP_ACCOUNT],
      ),
      ...each(['trail/cloudwatch-logs', 'trail/kms-encryption', 'trail/tags'], ['management-events']),
    });
    expect(verdicts(scanned.findings, 'unknown')).toEqual({});
  });

  test('nothing is asked of an organization that is not there', () => {
    const organization = scanned.findings.filter(({ check }) => check.startsWith('organization/'));
    expect(organization.map(({ check, verdict }) => `${check} ${verdict}`).sort()).toEqual([
      'organization/delegated-admin not-applicable',
      'organization/guardrail-policy not-applicable',
      'organization/members-covered not-applicable',
      'organization/trail not-applicable',
    ]);
  });

  test('a bucket in the only account there is may be where the logs are', () => {
    expect(scanned.finding('bucket/archive-account', START_UP_BUCKET).verdict).not.toBe('fail');
    expect(scanned.finding('bucket/exists', START_UP_BUCKET).verdict).toBe('pass');
  });

  test('its trail is good enough for an account', () => {
    for (const check of ['trail/account-covered', 'trail/multi-region', 'trail/management-events']) {
      expect(scanned.finding(check, START_UP_ACCOUNT).verdict).toBe('pass');
    }
  });
});
