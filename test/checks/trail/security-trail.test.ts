import { describe, expect, it } from 'vitest';
import check from '../../../checks/trail/security-trail.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import { ACCOUNT, denied, emptySnapshot, healthySnapshot, MANAGEMENT, TRAIL_ARN } from '../../support/snapshot.ts';
import { findingOf } from '../bucket/support.ts';
import {
  accountWith,
  advanced,
  basic,
  listingDenied,
  memberUnder,
  memberUnderUnknown,
  ORGANIZATION_TRAIL,
  type TrailOptions,
} from './support.ts';

const unread: TrailOptions = { selectors: denied('cloudtrail:GetEventSelectors', ACCOUNT) };
const selecting = (...AdvancedEventSelectors: JsonObject[]) => accountWith({ selectors: { AdvancedEventSelectors } });

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['one trail has it all', healthySnapshot, 'pass'],
  [
    'Each property on a different trail: fail, with the trail that comes nearest and what it lacks',
    () =>
      accountWith(
        { name: 'signed', KmsKeyId: undefined, IsMultiRegionTrail: false },
        { LogFileValidationEnabled: false },
        { name: 'reads', selectors: { EventSelectors: [basic('ReadOnly')] }, KmsKeyId: undefined },
      ),
    'fail',
    {
      fix: 'none',
      reason: 'No single trail has it all; audit lacks log file validation.',
      evidence: { nearest: TRAIL_ARN, lacks: ['trail/log-file-validation'] },
    },
  ],
  [
    'Organization trail that has everything: pass for all members, inherited',
    () => memberUnder({}),
    'pass',
    { inheritedFrom: ORGANIZATION_TRAIL },
  ],
  [
    'Any part of the best trail unknown: unknown, unless another trail passes in full',
    () => accountWith(unread),
    'unknown',
    { missingPermission: 'cloudtrail:GetEventSelectors' },
  ],
  ['another trail passes in full', () => accountWith({ ...unread, name: 'blind' }, {}), 'pass'],
  [
    'what is not known does not matter where a key is missing',
    () => accountWith({ ...unread, KmsKeyId: undefined }),
    'fail',
    { evidence: { lacks: ['trail/kms-encryption'] } },
  ],
  [
    'Trail configured in full but stopped: counts for nothing',
    () => accountWith({ status: { IsLogging: false } }, { name: 'b', KmsKeyId: undefined }),
    'fail',
  ],
  [
    'Advanced selectors are judged by their fields; the name of a selector means nothing',
    () =>
      selecting(
        advanced(
          { eventCategory: { Equals: ['Data'] }, 'resources.type': { Equals: ['AWS::S3::Object'] } },
          'Management events',
        ),
      ),
    'fail',
    { evidence: { lacks: ['trail/management-events'] } },
  ],
  [
    'an excluded source',
    () =>
      selecting(
        advanced({ eventCategory: { Equals: ['Management'] }, eventSource: { NotEquals: ['kms.amazonaws.com'] } }),
      ),
    'fail',
    { evidence: { lacks: ['trail/no-excluded-sources'] } },
  ],
  [
    'a single-region trail without global events',
    () => accountWith({ IsMultiRegionTrail: false, IncludeGlobalServiceEvents: false }),
    'fail',
    { reason: 'audit lacks other regions and global service events.' },
  ],
  [
    'Account with no trail at all: not-applicable here, trail/account-covered fails',
    () => emptySnapshot(),
    'not-applicable',
    { cause: 'trail/account-covered' },
  ],
  [
    'Owner account of an organization trail cannot be read: unknown, naming that account; never fail',
    () => memberUnderUnknown(),
    'unknown',
    { reason: expect.stringContaining(MANAGEMENT) },
  ],
  ['DescribeTrails denied', () => listingDenied(), 'unknown', { missingPermission: 'cloudtrail:DescribeTrails' }],
];

describe('trail/security-trail', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('names the checks that mend the nearest trail, and offers no fix of its own', () => {
    expect(check.plan).toBeUndefined();
    const { notes } = findingOf(check, accountWith({ KmsKeyId: undefined }));
    expect(notes).toEqual([`Mend it by trail/kms-encryption on ${TRAIL_ARN}.`]);
  });
});
