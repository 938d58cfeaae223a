import { describe, expect, test } from 'vitest';
import {
  CONTROL_TOWER_ACCOUNTS,
  CONTROL_TOWER_BUCKET,
  CONTROL_TOWER_TRAIL,
  controlTowerEstate,
} from '../../src/sandbox/aws/estates/control-tower.ts';
import { START_UP_ACCOUNT, START_UP_TRAIL, startUpEstate } from '../../src/sandbox/aws/estates/start-up.ts';
import { DEMO_READER } from '../../src/sandbox/aws/index.ts';
import { accountIn, trailIn } from '../fixes/estate.ts';
import { failing, scanEstate } from './support.ts';

/* Situations on which scanners disagree, and what is to be said of them. */

const { archive, shop, management } = CONTROL_TOWER_ACCOUNTS;
const COVERAGE = ['trail/account-covered', 'trail/multi-region', 'trail/management-events'];

test('a member covered only by a logging organization trail inherits its verdict, says from where, and is offered no fix', async () => {
  const world = controlTowerEstate();
  const good = await scanEstate(world, { only: COVERAGE });
  for (const check of COVERAGE) {
    expect(good.finding(check, shop)).toMatchObject({
      verdict: 'pass',
      inheritedFrom: CONTROL_TOWER_TRAIL,
      fix: 'none',
    });
  }
  trailIn(world.estate, CONTROL_TOWER_TRAIL).eventSelectors = [
    { ReadWriteType: 'WriteOnly', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] },
  ];
  const bad = await scanEstate(world, { only: COVERAGE });
  expect(bad.finding('trail/management-events', shop)).toMatchObject({
    verdict: 'fail',
    inheritedFrom: CONTROL_TOWER_TRAIL,
    fix: 'none',
  });
  expect(bad.offers.map(({ finding }) => finding.account)).toEqual([management]);
});

test('a multi-region trail that shows in sixteen other regions is one finding, keyed by its ARN', async () => {
  const { findings } = await scanEstate(startUpEstate());
  const onTrail = findings.filter(({ resource }) => resource === START_UP_TRAIL);
  expect(onTrail.length).toBeGreaterThan(8);
  expect(new Set(onTrail.map(({ check }) => check)).size).toBe(onTrail.length);
  expect(new Set(onTrail.map(({ region }) => region))).toEqual(new Set(['us-east-1']));
  expect(findings.filter(({ resource }) => resource.includes(':trail/'))).toEqual(onTrail);
});

describe('advanced event selectors are judged by their fields, never by their names', () => {
  const selecting = async (Name: string, category: string) => {
    const world = startUpEstate();
    const type = category === 'Data' ? [{ Field: 'resources.type', Equals: ['AWS::S3::Object'] }] : [];
    trailIn(world.estate, START_UP_TRAIL).advancedEventSelectors = [
      { Name, FieldSelectors: [{ Field: 'eventCategory', Equals: [category] }, ...type] },
    ];
    const scanned = await scanEstate(world, { only: ['trail/management-events'] });
    return scanned.finding('trail/management-events', START_UP_ACCOUNT).verdict;
  };

  test('all management events under any name pass', async () => {
    expect(await selecting('renamed by somebody', 'Management')).toBe('pass');
  });

  test('the usual name over other events fails', async () => {
    expect(await selecting('Management events selector', 'Data')).toBe('fail');
  });
});

describe('a trail bucket in the log archive account', () => {
  const only = ['bucket/exists', 'bucket/public-access-block', 'bucket/delivery-policy', 'bucket/tls-only'];

  test('is judged once, there', async () => {
    const { findings } = await scanEstate(controlTowerEstate(), { only });
    const onBucket = findings.filter(({ resource }) => resource.endsWith(CONTROL_TOWER_BUCKET));
    expect(onBucket.map(({ account, verdict }) => ({ account, verdict }))).toEqual(
      only.map(() => ({ account: archive, verdict: 'pass' })),
    );
  });

  test('is unknown where the archive cannot be entered, and the reason says so', async () => {
    const world = controlTowerEstate();
    accountIn(world.estate, archive).roles.delete(DEMO_READER);
    const { findings } = await scanEstate(world, { only });
    const onBucket = findings.filter(({ resource }) => resource.endsWith(CONTROL_TOWER_BUCKET));
    expect(onBucket).toHaveLength(only.length);
    for (const { verdict, reason, fix } of onBucket) {
      expect({ verdict, fix }).toEqual({ verdict: 'unknown', fix: 'none' });
      expect(reason).toContain(archive);
    }
  });
});

test('a stopped trail with everything configured counts for nothing but being stopped', async () => {
  const world = startUpEstate();
  const before = await scanEstate(world);
  const trail = trailIn(world.estate, START_UP_TRAIL);
  trail.logging = false;
  trail.stoppedAt = new Date();
  const after = await scanEstate(world);
  // It covers nothing any more …
  for (const check of COVERAGE) {
    expect(before.finding(check, START_UP_ACCOUNT).verdict).toBe('pass');
    expect(after.finding(check, START_UP_ACCOUNT).verdict).toBe('fail');
  }
  // … and of the trail itself that is all that is new.
  const ofTrail = (scanned: typeof before) =>
    Object.entries(failing(scanned.findings)).flatMap(([check, on]) => (on.includes('management-events') ? check : []));
  expect(ofTrail(after).sort()).toEqual([...ofTrail(before), 'trail/logging'].sort());
  expect(after.finding('trail/logging', 'management-events')).toMatchObject({ verdict: 'fail', severity: 'high' });
});

test('a refused call is unknown, listed, with the IAM action to grant', async () => {
  const world = startUpEstate();
  world.estate.knobs.denied.push({ account: START_UP_ACCOUNT, action: 'cloudtrail:GetEventSelectors' });
  const scanned = await scanEstate(world);
  expect(scanned.finding('trail/management-events', START_UP_ACCOUNT)).toMatchObject({
    verdict: 'unknown',
    missingPermission: 'cloudtrail:GetEventSelectors',
    missingPermissions: ['cloudtrail:GetEventSelectors'],
    fix: 'none',
  });
  expect(scanned.complete).toBe(false);
  // What does not hang on that call goes on.
  expect(scanned.finding('trail/log-file-validation', 'management-events').verdict).toBe('pass');
});
