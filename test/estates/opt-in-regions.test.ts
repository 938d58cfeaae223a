import { beforeAll, describe, expect, test } from 'vitest';
import {
  CAPE_TOWN_TRAIL,
  OPT_IN_ACCOUNT,
  OPTED_IN,
  optInEstate,
} from '../../src/sandbox/aws/estates/opt-in-regions.ts';
import { regionOf } from '../../src/sandbox/aws/region.ts';
import { accountIn } from '../fixes/estate.ts';
import { failing, type ScannedEstate, scanEstate, verdicts } from './support.ts';
import { ALARMS, each } from './truth.ts';

const NEVER = ['ap-east-1', 'eu-central-2', 'eu-south-1', 'il-central-1', 'me-central-1'];

describe('an account that opted into two regions', () => {
  let scanned: ScannedEstate;
  const world = optInEstate();
  beforeAll(async () => {
    scanned = await scanEstate(world);
  });

  test('fails as its story says', () => {
    expect(failing(scanned.findings)).toEqual({
      ...each(ALARMS, [OPT_IN_ACCOUNT]),
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
        ['cape-town-logs', 'everywhere-logs'],
      ),
      ...each(
        [
          'config/managed-rules',
          'data-events/lambda',
          'data-events/s3-read',
          'data-events/s3-write',
          'insights/enabled',
          // Both record what happens in Cape Town.
          'trail/no-duplicate-events',
          'trail/security-trail',
        ],
        [OPT_IN_ACCOUNT],
      ),
      ...each(['trail/cloudwatch-logs', 'trail/kms-encryption', 'trail/tags'], ['cape-town', 'everywhere']),
    });
    expect(verdicts(scanned.findings, 'unknown')).toEqual({});
  });

  test('the regions it opted into are looked into, the others never', () => {
    const enabled = scanned.snapshot['account.regions'][OPT_IN_ACCOUNT];
    expect(enabled?.state === 'read' && enabled.value).toEqual(expect.arrayContaining(OPTED_IN));
    expect(world.estate.calls.filter(({ region }) => NEVER.includes(region))).toEqual([]);
    expect(scanned.finding('config/recorder', OPT_IN_ACCOUNT)).toMatchObject({
      verdict: 'pass',
      evidence: { recorded: expect.arrayContaining(OPTED_IN) },
    });
  });

  test('a trail that lives in one of them is found and judged there', () => {
    expect(scanned.finding('trail/logging', 'cape-town')).toMatchObject({
      verdict: 'pass',
      region: 'af-south-1',
      resource: CAPE_TOWN_TRAIL,
    });
  });

  test('its changes are made there', () => {
    const regional = scanned.plans
      .flatMap(({ changes }) => changes)
      .filter(({ resource, region }) => /cape-town/.test(resource) && region !== '');
    expect(regional.length).toBeGreaterThan(0);
    expect(new Set(regional.map(({ region }) => region))).toEqual(new Set(['af-south-1']));
  });
});

test('what is missing in a region that was opted into is missing, and by its name', async () => {
  const world = optInEstate();
  regionOf(accountIn(world.estate, OPT_IN_ACCOUNT), 'me-south-1').recorders.clear();
  const scanned = await scanEstate(world, { only: ['config/recorder'] });
  expect(scanned.finding('config/recorder', OPT_IN_ACCOUNT)).toMatchObject({
    verdict: 'fail',
    evidence: { regions: { 'me-south-1': ['has no recorder'] } },
  });
});
