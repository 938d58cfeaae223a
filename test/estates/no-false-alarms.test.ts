import { describe, expect, test } from 'vitest';
import { addAccount, bucket, deliveryStatements, policy, role, trail } from '../../src/sandbox/aws/builders.ts';
import {
  CONTROL_TOWER_ACCOUNTS,
  CONTROL_TOWER_BUCKET,
  CONTROL_TOWER_OLD_TRAIL,
  CONTROL_TOWER_ORGANIZATION,
  CONTROL_TOWER_REGIONS,
  CONTROL_TOWER_TRAIL,
  controlTowerEstate,
} from '../../src/sandbox/aws/estates/control-tower.ts';
import { govcloudEstate } from '../../src/sandbox/aws/estates/govcloud.ts';
import { DEMO_FIXER, DEMO_READER } from '../../src/sandbox/aws/index.ts';
import { accountIn, bucketIn, removeTrail, trailIn } from '../fixes/estate.ts';
import { scanEstate } from './support.ts';

/* Verdicts that scanners get wrong on estates as AWS itself builds them. */

const { management, archive, audit, shop } = CONTROL_TOWER_ACCOUNTS;
const FULL_ACCESS = 'arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess';

describe('bucket/exists fails only if every active account of the organization was listed', () => {
  /** The lab's trail, with its bucket in the hands of somebody outside the organization. */
  const taken = () => {
    const world = controlTowerEstate();
    const stranger = addAccount(world.estate, { id: '799999999999', name: 'stranger' });
    bucketIn(world.estate, 'lab-trail-logs').owner = stranger.id;
    return world;
  };
  const judged = async (world: ReturnType<typeof taken>) =>
    (await scanEstate(world, { only: ['bucket/exists'] })).finding('bucket/exists', 'lab-trail-logs').verdict;

  test('all of them: fail', async () => expect(await judged(taken())).toBe('fail'));

  test('one could not be entered: unknown', async () => {
    const world = taken();
    accountIn(world.estate, audit).roles.delete(DEMO_READER);
    expect(await judged(world)).toBe('unknown');
  });

  test('one may not list its buckets: unknown', async () => {
    const world = taken();
    world.estate.knobs.denied.push({ account: shop, action: 's3:ListAllMyBuckets' });
    expect(await judged(world)).toBe('unknown');
  });
});

test('key/delivery-policy: without DescribeKey for CloudTrail, as Control Tower has it, the key passes with a note', async () => {
  const scanned = await scanEstate(controlTowerEstate(), { only: ['key/delivery-policy'] });
  expect(scanned.findings).toMatchObject([{ verdict: 'pass', notes: [expect.stringContaining('describe the key')] }]);
});

describe('bucket/confused-deputy', () => {
  const only = ['bucket/confused-deputy'];

  test('statements that only read pass without a source condition, and are noted', async () => {
    const scanned = await scanEstate(controlTowerEstate(), { only });
    expect(scanned.finding('bucket/confused-deputy', CONTROL_TOWER_BUCKET)).toMatchObject({
      verdict: 'pass',
      notes: [
        expect.stringContaining('AWSBucketPermissionsCheck'),
        expect.stringContaining('AWSConfigBucketExistenceCheck'),
      ],
    });
  });

  test('one that can write fails', async () => {
    const world = controlTowerEstate();
    for (const statement of bucketIn(world.estate, CONTROL_TOWER_BUCKET).policy?.Statement ?? []) {
      if (statement.Sid === 'AWSBucketDeliveryForOrganizationTrail') delete statement.Condition;
    }
    const scanned = await scanEstate(world, { only });
    expect(scanned.finding('bucket/confused-deputy', CONTROL_TOWER_BUCKET).verdict).toBe('fail');
  });
});

describe('log-group/delivery-role is judged by what the role may do on this group', () => {
  const only = ['log-group/delivery-role'];
  const trustedFor = async (sourceArn?: string) => {
    const world = controlTowerEstate();
    const found = accountIn(world.estate, management).roles.get('AWSControlTowerCloudTrailRole');
    for (const statement of found?.trust.Statement ?? []) {
      if (sourceArn !== undefined) statement.Condition = { StringEquals: { 'aws:SourceArn': sourceArn } };
    }
    return (await scanEstate(world, { only })).findings.map(({ verdict }) => verdict);
  };

  test('AWSControlTowerCloudTrailRolePolicy passes', async () => expect(await trustedFor()).toEqual(['pass']));

  test('a condition in the trust under which events arrive passes', async () =>
    expect(await trustedFor(CONTROL_TOWER_TRAIL)).toEqual(['pass']));

  test('a condition in the trust fails together with a delivery error', async () =>
    expect(await trustedFor(CONTROL_TOWER_OLD_TRAIL)).toEqual(['fail']));
});

describe('a region closed by aws:RequestedRegion is not applicable', () => {
  const closed = 'ap-northeast-1 is closed by a service control policy.';

  test('config/recorder', async () => {
    const scanned = await scanEstate(controlTowerEstate(), { only: ['config/recorder'] });
    expect(scanned.finding('config/recorder', shop)).toMatchObject({
      verdict: 'pass',
      evidence: { recorded: [...CONTROL_TOWER_REGIONS].sort() },
      notes: expect.arrayContaining([closed]),
    });
  });

  test('config/security-hub', async () => {
    const scanned = await scanEstate(controlTowerEstate(), {
      only: ['config/security-hub'],
      file: { checks: { 'config/security-hub': { regions: [...CONTROL_TOWER_REGIONS, 'ap-northeast-1'] } } },
    });
    expect(scanned.finding('config/security-hub', shop)).toMatchObject({
      verdict: 'fail',
      evidence: { on: [], off: CONTROL_TOWER_REGIONS },
    });
  });

  test('the samples of delivery', async () => {
    // A trail of the member's own is sampled as the member, whose regions are closed.
    const world = controlTowerEstate();
    const old = trailIn(world.estate, CONTROL_TOWER_OLD_TRAIL);
    old.logging = true;
    old.stoppedAt = undefined;
    const scanned = await scanEstate(world, { only: ['trail/delivery-healthy'] });
    expect(scanned.finding('trail/delivery-healthy', 'lab-trail')).toMatchObject({
      verdict: 'pass',
      notes: [expect.stringContaining('closed by a service control policy')],
    });
  });

  test('event data stores', async () => {
    const scanned = await scanEstate(controlTowerEstate(), { only: ['lake/protection', 'lake/encryption'] });
    expect(new Set(scanned.findings.map(({ verdict }) => verdict))).toEqual(new Set(['not-applicable']));
  });

  test('so nothing about such an estate stays unknown, and the run is complete', async () => {
    const scanned = await scanEstate(controlTowerEstate(), { only: ['config/recorder', 'lake/protection'] });
    expect(scanned.complete).toBe(true);
  });
});

test('trail/delivery-healthy: regions where nothing was delivered, without an error and without digests, do not fail it', async () => {
  // The simulated trail delivers in its home region only, and this one makes no digests.
  const scanned = await scanEstate(govcloudEstate(), { only: ['trail/delivery-healthy'] });
  expect(scanned.findings.map(({ verdict }) => verdict)).toEqual(['pass']);
});

test('trail/logging: a stopped trail whose events another one records is low, costs to start, and takes two people', async () => {
  const scanned = await scanEstate(controlTowerEstate(), { only: ['trail/logging', 'trail/account-covered'] });
  const finding = scanned.finding('trail/logging', 'lab-trail');
  expect(finding).toMatchObject({
    verdict: 'fail',
    severity: 'low',
    fix: 'auto-second-approver',
    risk: 'cost',
    people: 2,
    evidence: { coveredBy: CONTROL_TOWER_TRAIL },
  });
  expect(scanned.offer(finding)).toMatchObject({ kind: 'plan', plan: { class: 'auto-second-approver', risk: 'cost' } });
});

describe('organization/guardrail-policy', () => {
  const only = ['organization/guardrail-policy'];

  test('AWSControlTowerExecution, which guardrails spare, is no gap', async () => {
    const scanned = await scanEstate(controlTowerEstate(), { only });
    expect(scanned.finding('organization/guardrail-policy', CONTROL_TOWER_ORGANIZATION).evidence).toMatchObject({
      protected: [archive, audit, shop],
    });
  });

  test('is asked only of members that own a trail or a store: without the old trail it passes', async () => {
    const world = controlTowerEstate();
    removeTrail(world.estate, CONTROL_TOWER_OLD_TRAIL);
    const scanned = await scanEstate(world, { only });
    expect(scanned.finding('organization/guardrail-policy', CONTROL_TOWER_ORGANIZATION).verdict).toBe('pass');
  });

  test('another role that a guardrail spares is one', async () => {
    const world = controlTowerEstate();
    const own = accountIn(world.estate, archive);
    trail(world.estate, own, { name: 'aws-controltower-own', bucket: 'own-logs' });
    bucket(world.estate, own, 'own-logs', {
      policy: policy(...deliveryStatements('own-logs', `arn:aws:cloudtrail:us-east-1:${archive}:trail/x`, ['*'])),
    });
    for (const { document } of world.estate.organization?.policies.values() ?? []) {
      for (const { Sid, Condition } of document.Statement) {
        if (Sid === 'GRCLOUDTRAILENABLED' && Condition) {
          Condition.ArnNotLike = { 'aws:PrincipalARN': 'arn:*:iam::*:role/breakglass' };
        }
      }
    }
    const scanned = await scanEstate(world, { only });
    expect(scanned.finding('organization/guardrail-policy', CONTROL_TOWER_ORGANIZATION)).toMatchObject({
      verdict: 'fail',
      evidence: { unprotected: { [archive]: expect.anything() } },
    });
  });
});

test('iam/*: our own roles, AWSControlTowerExecution and those of stack sets are allowed, and shown as such', async () => {
  const world = controlTowerEstate();
  const account = accountIn(world.estate, shop);
  const ours = [DEMO_READER, DEMO_FIXER, 'AWSControlTowerExecution', 'stacksets-exec-9f86d081884c7d659a2feaa0c55ad015'];
  for (const name of ours) account.roles.get(name)?.attached.add(FULL_ACCESS);
  const only = ['iam/full-access-policy', 'iam/tampering-permissions', 'iam/log-file-access'];
  const allowed = await scanEstate(world, { only });
  const finding = allowed.finding('iam/full-access-policy', shop);
  expect(finding.verdict).toBe('pass');
  const { holders } = finding.evidence;
  expect(holders).toHaveLength(ours.length);
  for (const name of ours) {
    expect(holders).toContainEqual(expect.objectContaining({ holder: `role/${name}`, standing: 'own' }));
  }
  expect(allowed.findings.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
  role(account, 'deploy-bot', { attached: [FULL_ACCESS] });
  const stranger = await scanEstate(world, { only });
  expect(stranger.finding('iam/full-access-policy', shop)).toMatchObject({
    verdict: 'fail',
    evidence: { holders: expect.arrayContaining([{ holder: 'role/deploy-bot', standing: 'outsider' }]) },
  });
});

test('bucket/mfa-delete takes Object Lock instead', async () => {
  const world = controlTowerEstate();
  bucketIn(world.estate, CONTROL_TOWER_BUCKET).objectLock = {
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 365 } },
  };
  const scanned = await scanEstate(world, { only: ['bucket/mfa-delete'] });
  expect(scanned.finding('bucket/mfa-delete', CONTROL_TOWER_BUCKET).verdict).toBe('pass');
});

test('organization/delegated-admin without expected accounts is not applicable', async () => {
  const scanned = await scanEstate(controlTowerEstate(), { only: ['organization/delegated-admin'] });
  expect(scanned.findings.map(({ verdict }) => verdict)).toEqual(['not-applicable']);
});
