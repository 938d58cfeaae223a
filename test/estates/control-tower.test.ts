import { beforeAll, describe, expect, test } from 'vitest';
import { policy } from '../../src/sandbox/aws/builders.ts';
import {
  CONTROL_TOWER_ACCOUNTS,
  CONTROL_TOWER_BUCKET,
  CONTROL_TOWER_KEY,
  CONTROL_TOWER_ORGANIZATION,
  controlTowerEstate,
} from '../../src/sandbox/aws/estates/control-tower.ts';
import { accountIn, keyIn } from '../fixes/estate.ts';
import { failing, type ScannedEstate, scanEstate, verdicts } from './support.ts';
import { ALARMS, each } from './truth.ts';

const { management, archive, audit, shop, lab } = CONTROL_TOWER_ACCOUNTS;
const EVERYBODY = [management, archive, audit, shop, lab];
const GROUP = 'aws-controltower/CloudTrailLogs';
const OLD_BUCKET = 'lab-trail-logs';

/** What Control Tower leaves open, and the old trail in the lab; nothing else. */
const FAILS: { [check: string]: string[] } = {
  // It makes a log group and no alarm. The trail of the organization is everybody's, so is what it lacks.
  ...each(ALARMS, EVERYBODY),
  'alarm/organization-changes': [management],
  ...each(['data-events/lambda', 'data-events/s3-read', 'data-events/s3-write', 'insights/enabled'], EVERYBODY),
  // The management account is not enrolled, so nothing records there, and its rules see nothing.
  'config/recorder': [management],
  'config/managed-rules': EVERYBODY,
  'config/security-hub': EVERYBODY,
  'log-group/deletion-protection': [GROUP],
  'log-group/encryption': [GROUP],
  // Fourteen days are Control Tower's default.
  'log-group/retention': [GROUP],
  'bucket/mfa-delete': [CONTROL_TOWER_BUCKET, OLD_BUCKET],
  'bucket/object-lock': [CONTROL_TOWER_BUCKET, OLD_BUCKET],
  'bucket/replication': [CONTROL_TOWER_BUCKET, OLD_BUCKET],
  // Guardrails protect what is Control Tower's: the lab's own trail they do not.
  'organization/guardrail-policy': [CONTROL_TOWER_ORGANIZATION],
  'trail/logging': ['lab-trail'],
  'trail/cloudwatch-logs': ['lab-trail'],
  'trail/expected-destination': ['lab-trail'],
  'trail/kms-encryption': ['lab-trail'],
  'trail/tags': ['lab-trail'],
  'bucket/access-logging': [OLD_BUCKET],
  'bucket/archive-account': [OLD_BUCKET],
  'bucket/default-encryption': [OLD_BUCKET],
  'bucket/lifecycle': [OLD_BUCKET],
  'bucket/tls-only': [OLD_BUCKET],
  'bucket/versioning': [OLD_BUCKET],
};

describe('a Control Tower landing zone', () => {
  let scanned: ScannedEstate;
  beforeAll(async () => {
    scanned = await scanEstate(controlTowerEstate());
  });

  test('fails where Control Tower leaves something open, and nowhere else', () => {
    expect(failing(scanned.findings)).toEqual(FAILS);
  });

  test('leaves nothing unknown: closed regions hide nothing that could be missed', () => {
    expect(verdicts(scanned.findings, 'unknown')).toEqual({});
    expect(scanned.complete).toBe(true);
    expect(Object.values(scanned.snapshot.accounts).map(({ status }) => status)).toEqual(
      EVERYBODY.map(() => 'scanned'),
    );
  });

  test('no button changes what Control Tower made', () => {
    const touched = scanned.plans.flatMap(({ changes }) => changes.map(({ resource }) => resource));
    expect(touched.filter((resource) => /aws-?controltower/i.test(resource))).toEqual([]);
    expect(touched).not.toContain(CONTROL_TOWER_KEY);
    // The lab's trail and bucket are nobody else's.
    expect(touched).toContain(`arn:aws:s3:::${OLD_BUCKET}`);
  });

  test.each([
    ['log-group/retention', GROUP],
    ['log-group/deletion-protection', GROUP],
    ['insights/enabled', management],
    ['data-events/s3-write', management],
    ['alarm/root-usage', management],
    ['bucket/object-lock', CONTROL_TOWER_BUCKET],
    ['bucket/mfa-delete', CONTROL_TOWER_BUCKET],
  ])('%s on %s is text that names the owner', (check, resource) => {
    const offer = scanned.offer(scanned.finding(check, resource));
    expect(offer).toMatchObject({ kind: 'manual', reason: expect.stringContaining('belongs to AWS Control Tower') });
    expect(offer.kind === 'manual' && offer.steps.length > 0).toBe(true);
  });

  test('no member is offered a fix of what it inherits', () => {
    const inherited = scanned.findings.filter(({ inheritedFrom }) => inheritedFrom !== undefined);
    expect(inherited.length).toBeGreaterThan(100);
    expect(new Set(inherited.filter(({ account }) => account !== management).map(({ fix }) => fix))).toEqual(
      new Set(['none']),
    );
  });
});

test('a key of a stack is the stack’s: its tags tell, for its name does not', async () => {
  const world = controlTowerEstate();
  const key = keyIn(world.estate, CONTROL_TOWER_KEY);
  key.rotation = false;
  const only = ['key/rotation'];
  const without = await scanEstate(world, { only });
  expect(without.plans.map(({ changes }) => changes.map(({ operation }) => operation))).toEqual([
    ['kms:EnableKeyRotation'],
  ]);
  key.tags = { 'aws:cloudformation:stack-name': 'landing-zone-key' };
  const tagged = await scanEstate(world, { only });
  expect(tagged.plans).toEqual([]);
  expect(tagged.offers).toMatchObject([
    { offer: { kind: 'manual', reason: expect.stringContaining('the CloudFormation stack landing-zone-key') } },
  ]);
  key.tags = { owner: 'platform' };
  const declared = await scanEstate(world, { only, file: { managedBy: [{ tag: { owner: 'platform' } }] } });
  expect(declared.offers).toMatchObject([
    { offer: { kind: 'manual', reason: expect.stringContaining('managed by other means') } },
  ]);
});

test('what a service control policy denies the fixer is text that names the policy', async () => {
  const world = controlTowerEstate();
  accountIn(world.estate, lab).serviceControlPolicies.push(
    policy({ Sid: 'Frozen', Effect: 'Deny', Action: 's3:PutBucket*', Resource: '*' }),
  );
  const only = ['bucket/tls-only', 'organization/guardrail-policy'];
  const scanned = await scanEstate(world, { only });
  const offer = scanned.offer(scanned.finding('bucket/tls-only', OLD_BUCKET));
  expect(offer).toMatchObject({
    kind: 'manual',
    reason: expect.stringMatching(/denies s3:PutBucketPolicy to the fixer in account 710000000005/),
  });
});
