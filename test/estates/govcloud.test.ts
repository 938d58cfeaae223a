import { beforeAll, describe, expect, test } from 'vitest';
import type { Change } from '../../src/check/plan.ts';
import { GOVCLOUD_ACCOUNTS, GOVCLOUD_BUCKET, govcloudEstate } from '../../src/sandbox/aws/estates/govcloud.ts';
import { failing, type ScannedEstate, scanEstate, verdicts } from './support.ts';
import { ALARMS, each } from './truth.ts';

const EVERYBODY = Object.values(GOVCLOUD_ACCOUNTS);

describe('an organization in GovCloud', () => {
  let scanned: ScannedEstate;
  beforeAll(async () => {
    scanned = await scanEstate(govcloudEstate());
  });

  test('is read like any other, and fails as its story says', () => {
    expect(failing(scanned.findings)).toEqual({
      ...each(ALARMS, EVERYBODY),
      'alarm/organization-changes': [GOVCLOUD_ACCOUNTS.management],
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
        [GOVCLOUD_BUCKET],
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
        EVERYBODY,
      ),
      ...each(
        ['trail/cloudwatch-logs', 'trail/kms-encryption', 'trail/log-file-validation', 'trail/tags'],
        ['gov-org-trail'],
      ),
    });
    expect(verdicts(scanned.findings, 'unknown')).toEqual({});
  });

  test('every ARN of every change is of this partition, every region one of its two', () => {
    expect(scanned.plans.length).toBeGreaterThan(10);
    const changes = scanned.plans.flatMap((plan) => plan.changes);
    for (const change of changes) {
      expect(foreign(change)).toEqual([]);
      expect(change.region).toMatch(/^(us-gov-(west|east)-1)?$/);
    }
  });

  test('so are the ARNs in what people are told to do', () => {
    const told = scanned.offers.flatMap(({ offer }) => (offer.kind === 'manual' ? offer.steps : []));
    expect(told.length).toBeGreaterThan(0);
    expect(foreign(told)).toEqual([]);
  });

  test('findings name resources of this partition', () => {
    expect(scanned.findings.map(({ resource }) => resource).filter((it) => !it.startsWith('arn:aws-us-gov:'))).toEqual(
      [],
    );
  });
});

/** ARNs of other partitions, and regions of other partitions, wherever they stand. */
function foreign(value: Change | readonly object[]): string[] {
  const text = JSON.stringify(value);
  return [
    ...(text.match(/arn:(?!aws-us-gov:)[\w*-]+:[\w.*-]*:[\w*-]*:[\w*]*:[^"\\ ]*/g) ?? []),
    ...(text.match(/\b(us|eu|ap|ca|sa)-(east|west|north|south|central|northeast|southeast)-\d\b/g) ?? []),
  ];
}
