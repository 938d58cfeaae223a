import { beforeAll, describe, expect, test } from 'vitest';
import type { Change, Plan } from '../../src/check/plan.ts';
import type { Config } from '../../src/config/config.ts';
import { peopleNeeded, policiesFor } from '../../src/fixes/policy.ts';
import { eventDataStore, key, lakeStatement } from '../../src/sandbox/aws/builders.ts';
import { ESTATES } from '../../src/sandbox/aws/estates/estates.ts';
import { govcloudEstate } from '../../src/sandbox/aws/estates/govcloud.ts';
import { OPT_IN_ACCOUNT, optInEstate } from '../../src/sandbox/aws/estates/opt-in-regions.ts';
import { START_UP_ACCOUNT, START_UP_BUCKET, startUpEstate } from '../../src/sandbox/aws/estates/start-up.ts';
import type { Json } from '../../src/snapshot/types.ts';
import { scanEstate } from '../estates/support.ts';
import { accountIn, bucketIn } from '../fixes/estate.ts';

/* What cannot be taken back, or deletes something, must say so in plain words and take two people, whatever is configured. */

interface Planned {
  plan: Plan;
  config: Config;
}

/** What a call loses or fixes for good; undefined where it does neither. */
function loss(change: Change, plan: Plan): string | undefined {
  const { operation, input, resource, expect: before, result } = change;
  const isNew = plan.changes.some(
    (one) => /:Create(Bucket|LogGroup)$/.test(one.operation) && one.resource === resource,
  );
  switch (operation) {
    case 's3:PutObjectLockConfiguration':
      return 'Object Lock never goes off again';
    case 's3:PutBucketVersioning':
      return isNew || before?.Status === 'Suspended' ? undefined : 'versions never go away again';
    case 'cloudtrail:UpdateEventDataStore':
      return input.KmsKeyId === undefined ? undefined : 'the key of a store is final';
    case 'logs:PutRetentionPolicy':
      return !isNew && shorter(before?.retentionInDays, result?.retentionInDays)
        ? 'older events are deleted'
        : undefined;
    case 's3:PutBucketLifecycleConfiguration':
      return endsSooner(before?.Rules ?? null, result?.Rules ?? null) ? 'older files are deleted' : undefined;
    default:
      return undefined;
  }
}

/** Nothing is longer than never. */
function shorter(before: Json | undefined, after: Json | undefined): boolean {
  return typeof after === 'number' && (typeof before !== 'number' || after < before);
}

/** Do the new rules delete after a number of days that the old ones do not, and that is no longer than theirs? */
function endsSooner(before: Json, after: Json): boolean {
  const ends = (rules: Json) =>
    [...JSON.stringify(rules).matchAll(/"(?:Noncurrent)?(?:Version)?Expiration":\{[^}]*Days":(\d+)/g)].map(([, days]) =>
      Number(days),
    );
  const known = ends(before);
  const latest = known.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...known);
  return ends(after).some((days) => !known.includes(days) && days < latest);
}

/** As many as this plan needs where the configuration asks for one person and lets requesters approve by themselves. */
function people({ plan, config }: Planned): number {
  const easy: Config = {
    ...config,
    approval: { ...config.approval, default: { ...config.approval.default, people: 1, direct: true } },
  };
  const accounts = plan.changes.map(({ account }) => account);
  return peopleNeeded(policiesFor(easy, { ...plan, severity: 'low', accounts }, () => []));
}

function expectSaid(planned: Planned): void {
  const { plan } = planned;
  expect({ check: plan.check, warned: plan.warnings.length > 0, two: people(planned) >= 2 }).toEqual({
    check: plan.check,
    warned: true,
    two: true,
  });
  expect({ check: plan.check, reversible: plan.reversible }).not.toEqual({ check: plan.check, reversible: 'yes' });
}

const lossy = ({ plan }: Planned) => plan.changes.some((change) => loss(change, plan) !== undefined);
const declared = ({ plan }: Planned) => plan.risk === 'irreversible' || plan.reversible === 'no';

describe('over every plan of every simulated estate', () => {
  let plans: Planned[];
  beforeAll(async () => {
    const worlds = [...ESTATES].flatMap(([, make]) => {
      const { configuration, ...made } = make();
      return configuration === undefined ? [] : [{ ...made, configuration }];
    });
    const scans = await Promise.all(worlds.map((world) => scanEstate(world)));
    plans = scans.flatMap((scanned) => scanned.plans.map((plan) => ({ plan, config: scanned.config })));
  }, 120_000);

  test('what loses something, or calls itself irreversible, warns and takes two people', () => {
    const grave = plans.filter((planned) => lossy(planned) || declared(planned));
    expect(new Set(grave.map(({ plan }) => plan.check))).toEqual(new Set(['bucket/object-lock', 'bucket/versioning']));
    for (const planned of grave) expectSaid(planned);
  });

  test('a plan without a way back for one of its calls does not call itself reversible', () => {
    const oneWay = plans.filter(({ plan }) => plan.changes.some(({ undo }) => undo === undefined));
    expect(oneWay.length).toBeGreaterThan(0);
    const claims = oneWay.filter(({ plan }) => plan.reversible === 'yes');
    expect(claims.map(({ plan }) => plan.check)).toEqual([]);
  });
});

describe('shaped so that something would be lost', () => {
  const shaped = async (
    world: ReturnType<typeof startUpEstate>,
    check: string,
    resource: string,
    settings?: object,
  ) => {
    const scanned = await scanEstate(world, {
      only: [check],
      ...(settings === undefined ? {} : { file: settings }),
    });
    const offer = scanned.offer(scanned.finding(check, resource));
    if (offer.kind !== 'plan') throw new Error(JSON.stringify(offer));
    return { plan: offer.plan, config: scanned.config };
  };

  test('Object Lock, in either mode', async () => {
    for (const mode of ['GOVERNANCE', 'COMPLIANCE']) {
      const planned = await shaped(startUpEstate(), 'bucket/object-lock', START_UP_BUCKET, {
        checks: { 'bucket/object-lock': { modes: [mode] } },
      });
      expect(lossy(planned)).toBe(true);
      expect(planned.plan).toMatchObject({ risk: 'irreversible', reversible: 'no' });
      expect(planned.plan.warnings.join(' ')).toContain('cannot be undone');
      expectSaid(planned);
    }
  });

  test('versioning that was never on', async () => {
    const planned = await shaped(startUpEstate(), 'bucket/versioning', START_UP_BUCKET);
    expect(lossy(planned)).toBe(true);
    expectSaid(planned);
  });

  test('the key of an event data store', async () => {
    const world = optInEstate();
    const account = accountIn(world.estate, OPT_IN_ACCOUNT);
    const store = eventDataStore(world.estate, account, 'lake');
    const made = key(world.estate, account, 'us-east-1', '1a4e0000-5555-4555-8555-555555555555');
    const { Condition: _, ...statement } = lakeStatement(store);
    made.policy.Statement.push(statement);
    const planned = await shaped(world, 'lake/encryption', 'eventdatastore', { keys: { 'us-east-1': made.arn } });
    expect(lossy(planned)).toBe(true);
    expect(planned.plan).toMatchObject({ risk: 'irreversible', reversible: 'no' });
    expectSaid(planned);
  });

  test('log files that are given an end', async () => {
    const planned = await shaped(govcloudEstate(), 'bucket/lifecycle', 'gov-cloudtrail-logs', {
      checks: { 'bucket/lifecycle': { expire_after_days: 800 } },
    });
    expect(lossy(planned)).toBe(true);
    expect(planned.plan).toMatchObject({ risk: 'irreversible', reversible: 'no' });
    expect(planned.plan.warnings.join(' ')).toContain('deleted for good');
    expectSaid(planned);
  });

  test('a longer end is lossless, and taking it back is warned of', async () => {
    const world = startUpEstate();
    bucketIn(world.estate, START_UP_BUCKET).lifecycle = [
      { ID: 'soon', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 30 } },
    ];
    const planned = await shaped(world, 'bucket/no-early-expiry', START_UP_BUCKET);
    expect(planned.plan.changes.every(({ account }) => account === START_UP_ACCOUNT)).toBe(true);
    expect(planned.plan.warnings.length).toBeGreaterThan(0);
  });
});
