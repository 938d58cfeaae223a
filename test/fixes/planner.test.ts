import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Change, Planned } from '../../src/check/plan.ts';
import { partAt, stateOf } from '../../src/check/state.ts';
import { overlay } from '../../src/fixes/overlay.ts';
import { ownedElsewhere } from '../../src/fixes/ownership.ts';
import { type PlanningContext, planFix } from '../../src/fixes/planner.ts';
import type { AnyCheck } from '../../src/posture/catalogue.ts';
import { evaluateChecks } from '../../src/posture/evaluate.ts';
import type { Snapshot } from '../../src/snapshot/types.ts';
import { ARCHIVE, BUCKET, denied, healthySnapshot, read, TRAIL_ARN, withPart } from '../support/snapshot.ts';

const ARN = `arn:aws:s3:::${BUCKET}`;
const place = { account: ARCHIVE, region: 'us-east-1', resource: ARN };

/** A put of the bucket's policy that adds a word to its text. */
function addWord(snapshot: Snapshot, word: string): Change {
  const part = snapshot['bucket.policy'][BUCKET];
  const before = part?.state === 'read' ? part.value.text : '';
  const statements = JSON.parse(before === '' ? '{"Statement":[]}' : before).Statement;
  const statement = {
    Sid: word,
    Effect: 'Allow',
    Principal: { Service: `${word}.amazonaws.com` },
    Action: 's3:GetObject',
    Resource: `${ARN}/*`,
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [...statements, statement] });
  const state = (text: string) => {
    const found = stateOf('bucket.policy', read({ text }));
    return found.known ? found.state : null;
  };
  const put = { ...place, operation: 's3:PutBucketPolicy' };
  return {
    ...put,
    input: { Bucket: BUCKET, Policy },
    summary: `Add ${word}.`,
    target: `bucket.policy:${BUCKET}`,
    expect: state(before),
    result: state(Policy),
    undo: { ...put, input: { Bucket: BUCKET, Policy: before }, summary: 'Back.', automatic: true },
  };
}

/** A check of buckets that fails until its word is in the policy. */
function check(word: string, more: Partial<AnyCheck> = {}): AnyCheck {
  return {
    id: `bucket/${word}`,
    title: `The policy says ${word}`,
    severity: 'low',
    scope: 'bucket',
    rationale: '',
    pass: '',
    seed: [],
    needs: ['bucket', 'bucket.policy'],
    events: [],
    controls: {},
    settings: z.strictObject({}),
    fix: { class: 'auto', risk: 'safe', reversible: 'yes', operations: [] },
    evaluate: ({ snapshot }) => {
      const part = snapshot['bucket.policy'][BUCKET];
      if (part?.state === 'denied') return { verdict: 'unknown', reason: 'denied' };
      const there = part?.state === 'read' && part.value.text.includes(`"${word}"`);
      return there ? { verdict: 'pass' } : { verdict: 'fail', reason: `no ${word}` };
    },
    plan: ({ snapshot }) => changes(addWord(snapshot as Snapshot, word)),
    ...more,
  };
}

const changes = (...list: Change[]): Planned => ({
  kind: 'changes',
  plan: { summary: list[0]?.summary ?? '', changes: list },
});

function context(snapshot: Snapshot, ...checks: AnyCheck[]): PlanningContext {
  return {
    snapshot,
    catalogue: new Map(checks.map((one) => [one.id, one])),
    estate: { keys: {}, monitor: 'cloudwatch', ownRoles: [] },
    settingsFor: () => [{}],
    managedBy: [],
  };
}

function planOf(planning: PlanningContext, id: string) {
  const found = evaluateChecks(planning.catalogue.values(), planning).find((one) => one.check === id);
  if (found === undefined) throw new Error(`no finding of ${id}`);
  return planFix(found, planning);
}

const withFirst = (word: string, first: string, more: Partial<AnyCheck['fix']> = {}) =>
  check(word, {
    fix: { class: 'auto', risk: 'safe', reversible: 'yes', first: [`bucket/${first}`], operations: [], ...more },
  });

describe('a plan', () => {
  const snapshot = healthySnapshot();

  test('puts one document for the check and the failing ones before it, and is as grave as the gravest', () => {
    const first = check('one', {
      fix: { class: 'auto-second-approver', risk: 'cost', reversible: 'partly', cost: 'Money.', operations: [] },
    });
    const planned = planOf(context(snapshot, first, withFirst('two', 'one')), 'bucket/two');
    if (planned.kind !== 'plan') throw new Error(JSON.stringify(planned));
    const { plan } = planned;
    expect(plan.changes).toHaveLength(1);
    expect(String(plan.changes[0]?.input.Policy)).toMatch(/"one".*"two"/);
    expect(plan.changes[0]?.undo?.input.Policy).toBe(addWord(snapshot, 'x').undo?.input.Policy);
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'cost', reversible: 'partly', cost: 'Money.' });
    expect(plan.findings).toHaveLength(2);
  });

  test('takes in what comes before what comes before', () => {
    const checks = [check('one'), withFirst('two', 'one'), withFirst('three', 'two')];
    const planned = planOf(context(snapshot, ...checks), 'bucket/three');
    expect(planned).toMatchObject({ kind: 'plan', plan: { changes: [{ operation: 's3:PutBucketPolicy' }] } });
  });

  test('leaves a first check alone that passes, and one that is not built', () => {
    const mended = overlay(snapshot, [addWord(snapshot, 'one')]);
    const planned = planOf(context(mended, check('one'), withFirst('two', 'one')), 'bucket/two');
    expect(planned).toMatchObject({ kind: 'plan', plan: { findings: [expect.any(String)] } });
    expect(planOf(context(snapshot, withFirst('two', 'absent')), 'bucket/two').kind).toBe('plan');
  });

  test('ends where two checks want each other first', () => {
    expect(planOf(context(snapshot, withFirst('one', 'two'), withFirst('two', 'one')), 'bucket/two').kind).toBe('plan');
  });

  test('is blocked by a first check that is not known', () => {
    const unknown = check('one', { evaluate: () => ({ verdict: 'unknown', reason: 'denied' }) });
    expect(planOf(context(snapshot, unknown, withFirst('two', 'one')), 'bucket/two')).toMatchObject({
      kind: 'blocked',
      by: 'bucket/one',
      reason: expect.stringContaining('must be known'),
    });
  });

  test('is blocked by a first check that only people can mend', () => {
    const byHand = check('one', { plan: () => ({ kind: 'manual', steps: [{ text: 'do' }] }) });
    expect(planOf(context(snapshot, byHand, withFirst('two', 'one')), 'bucket/two')).toMatchObject({
      kind: 'blocked',
      by: 'bucket/one',
    });
  });

  test('is text where the check says that only people can mend it', () => {
    const one = check('one', { evaluate: () => ({ verdict: 'fail', reason: 'a Deny', fix: 'manual' }) });
    expect(planOf(context(snapshot, one), 'bucket/one')).toMatchObject({ kind: 'manual', reason: 'a Deny' });
  });

  test('has the risk that the finding has', () => {
    const one = check('one', { evaluate: () => ({ verdict: 'fail', reason: 'x', risk: 'irreversible' }) });
    expect(planOf(context(snapshot, one), 'bucket/one')).toMatchObject({ plan: { risk: 'irreversible' } });
  });

  test('that would change nothing is none', () => {
    const idle = check('one', {
      plan: ({ snapshot: now }) => {
        const change = addWord(now as Snapshot, 'x');
        return changes({ ...change, result: change.expect });
      },
    });
    expect(planOf(context(snapshot, idle), 'bucket/one')).toMatchObject({ kind: 'blocked' });
  });

  test('is the same from the same snapshot', () => {
    const planning = context(snapshot, check('one'), withFirst('two', 'one'));
    expect(planOf(planning, 'bucket/two')).toEqual(planOf(planning, 'bucket/two'));
  });
});

describe('a snapshot with changes laid over it', () => {
  test('reads as it will, and the one below stays as it was', () => {
    const snapshot = healthySnapshot();
    const before = partAt(snapshot, `bucket.policy:${BUCKET}`);
    const later = overlay(snapshot, [addWord(snapshot, 'one')]);
    expect(partAt(later, `bucket.policy:${BUCKET}`)).toMatchObject({
      state: 'read',
      value: { text: expect.stringContaining('"one"') },
    });
    expect(partAt(snapshot, `bucket.policy:${BUCKET}`)).toBe(before);
    const removed = { ...addWord(snapshot, 'one'), result: null };
    expect(partAt(overlay(snapshot, [removed]), removed.target)).toMatchObject({ state: 'absent' });
  });

  test('merges members, and forgets those that go', () => {
    const target = `trail:${TRAIL_ARN}` as const;
    const change = {
      ...addWord(healthySnapshot(), 'x'),
      target,
      result: { KmsKeyId: null, IsMultiRegionTrail: false },
    };
    const later = partAt(overlay(healthySnapshot(), [change]), target);
    expect(later).toMatchObject({ value: { IsMultiRegionTrail: false, TrailARN: TRAIL_ARN } });
    expect(later).not.toHaveProperty('value.KmsKeyId', null);
  });
});

describe('what somebody else owns', () => {
  const snapshot = healthySnapshot();
  const change = addWord(snapshot, 'x');
  const named = (resource: string) => [{ ...change, resource }];

  test.each([
    ['arn:aws:s3:::aws-controltower-logs-1', /Control Tower/],
    ['arn:aws:iam::1:role/service-role/AWSControlTowerCloudTrailRole', /Control Tower/],
    ['arn:aws:s3:::aws-accelerator-central-logs', /Landing Zone Accelerator/],
  ])('%s', (resource, owner) => {
    expect(ownedElsewhere(named(resource), snapshot, [])).toMatch(owner);
  });

  test('by a CloudFormation tag, or as the configuration says', () => {
    expect(ownedElsewhere([change], snapshot, [])).toBeUndefined();
    const tagged = withPart(snapshot, 'bucket.tags', BUCKET, read({ 'aws:cloudformation:stack-name': 'audit' }));
    expect(ownedElsewhere([change], tagged, [])).toContain('stack audit');
    expect(ownedElsewhere([change], snapshot, [{ name: [BUCKET] }])).toContain('managed by other means');
    expect(ownedElsewhere([change], snapshot, [{ name: ['other-*'] }])).toBeUndefined();
    // A tag that is not there has no value that could fit.
    expect(ownedElsewhere([change], snapshot, [{ tag: { team: ['*'] } }])).toBeUndefined();
    const team = withPart(snapshot, 'bucket.tags', BUCKET, read({ team: 'platform' }));
    expect(ownedElsewhere([change], team, [{ tag: { team: ['plat*'] } }])).toContain('managed by other means');
    const hidden = withPart(snapshot, 'bucket.tags', BUCKET, denied('s3:GetBucketTagging', ARCHIVE));
    expect(ownedElsewhere([change], hidden, [])).toBeUndefined();
  });

  test('is offered as text with the command', () => {
    const planning = { ...context(snapshot, check('one')), managedBy: [{ name: [BUCKET] }] };
    expect(planOf(planning, 'bucket/one')).toMatchObject({
      kind: 'manual',
      reason: expect.stringContaining('would be put back'),
      steps: [{ command: expect.stringContaining('aws s3api put-bucket-policy') }],
    });
  });
});
