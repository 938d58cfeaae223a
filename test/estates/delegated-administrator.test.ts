import { beforeAll, describe, expect, test } from 'vitest';
import {
  DELEGATED_ACCOUNTS,
  DELEGATED_BUCKET,
  DELEGATED_ORGANIZATION,
  DELEGATED_TRAIL,
  delegatedEstate,
} from '../../src/sandbox/aws/estates/delegated-administrator.ts';
import { accountIn, trailIn } from '../fixes/estate.ts';
import { failing, type ScannedEstate, scanEstate, verdicts } from './support.ts';
import { ALARMS, each } from './truth.ts';

const { management, security, logs, shop } = DELEGATED_ACCOUNTS;
const MEMBERS = [security, logs, shop];
const GROUP = 'cloudtrail/organization';

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

  test('the trail is read through the delegated administrator, and covers the members', () => {
    for (const account of MEMBERS) {
      expect(scanned.finding('trail/account-covered', account)).toMatchObject({
        verdict: 'pass',
        inheritedFrom: DELEGATED_TRAIL,
      });
    }
    expect(scanned.finding('trail/logging', 'security-org-trail')).toMatchObject({
      verdict: 'pass',
      account: management,
    });
    // A log group of another account than the ARN names is where a delegated administrator has it.
    expect(scanned.finding('log-group/delivery-role', GROUP)).toMatchObject({ verdict: 'pass', account: security });
  });

  test('fails in what is known to be missing, and in nothing for being closed', () => {
    expect(failing(scanned.findings)).toEqual({
      ...each(ALARMS, MEMBERS),
      ...each(
        [
          'config/recorder',
          'config/security-hub',
          'data-events/lambda',
          'data-events/s3-read',
          'data-events/s3-write',
          'insights/enabled',
        ],
        MEMBERS,
      ),
      ...each(
        ['bucket/access-logging', 'bucket/mfa-delete', 'bucket/object-lock', 'bucket/replication'],
        [DELEGATED_BUCKET],
      ),
      ...each(['log-group/deletion-protection', 'log-group/encryption'], [GROUP]),
    });
  });

  test('what only the management account could tell is unknown, and says so', () => {
    expect(verdicts(scanned.findings, 'unknown')).toEqual({
      'config/managed-rules': MEMBERS,
      'trail/tags': ['security-org-trail'],
    });
    expect(scanned.finding('trail/tags', 'security-org-trail').reason).toContain(management);
  });
});

test('without the account that speaks for the organization the trail is unknown, and still fails nobody', async () => {
  const world = delegatedEstate();
  const aws = { ...Object(world.configuration.aws) };
  delete aws.organization;
  const scanned = await scanEstate(world, {
    only: ['trail/account-covered', 'trail/logging', 'trail/multi-region', 'bucket/exists'],
    file: { aws },
  });
  expect(failing(scanned.findings)).toEqual({});
  expect(scanned.finding('trail/account-covered', shop).verdict).toBe('unknown');
});

test('a change to the trail is text: the account that owns it cannot be entered', async () => {
  const world = delegatedEstate();
  trailIn(world.estate, DELEGATED_TRAIL).validation = false;
  expect(accountIn(world.estate, management).roles.has('trail-check-fixer')).toBe(false);
  const scanned = await scanEstate(world, { only: ['trail/log-file-validation'] });
  const offer = scanned.offer(scanned.finding('trail/log-file-validation', 'security-org-trail'));
  expect(offer).toMatchObject({
    kind: 'manual',
    reason: expect.stringContaining(`Account ${management} cannot be entered`),
  });
});
