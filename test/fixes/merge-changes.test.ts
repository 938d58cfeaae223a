import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/check/plan.ts';
import { mergeChanges } from '../../src/fixes/merge-changes.ts';

const BUCKET = { account: '1', region: 'us-east-1', resource: 'arn:aws:s3:::logs' };
const TRAIL = { account: '1', region: 'us-east-1', resource: 'arn:aws:cloudtrail:us-east-1:1:trail/t' };

function putPolicy(before: string | null, after: string): Change {
  const call = { ...BUCKET, operation: 's3:PutBucketPolicy' };
  return {
    ...call,
    input: { Policy: after },
    summary: `to ${after}`,
    target: 'bucket.policy:logs',
    expect: before === null ? null : { document: before },
    result: { document: after },
    undo: { ...call, input: { Policy: before ?? '' }, summary: `back to ${before}`, automatic: true },
  };
}

function updateTrail(members: { [name: string]: boolean }): Change {
  const inverse = Object.fromEntries(Object.entries(members).map(([name, value]) => [name, !value]));
  const call = { ...TRAIL, operation: 'cloudtrail:UpdateTrail' };
  return {
    ...call,
    input: { Name: 't', ...members },
    summary: Object.keys(members).join(),
    target: `trail:${TRAIL.resource}`,
    expect: inverse,
    result: members,
    undo: { ...call, input: { Name: 't', ...inverse }, summary: 'back', automatic: true },
  };
}

function subscribe(step: number): Change {
  const call = { ...TRAIL, resource: 'arn:aws:sns:us-east-1:1:t' };
  return {
    ...call,
    operation: 'sns:Subscribe',
    input: {},
    summary: '',
    target: 'topic.subscriptions:t',
    expect: { a: null },
    result: { a: true },
    undo: {
      ...call,
      operation: 'sns:Unsubscribe',
      input: { SubscriptionArn: { $output: [step, 'SubscriptionArn'] } },
      summary: '',
      automatic: true,
    },
  };
}

const operations = (changes: readonly Change[]) => changes.map(({ operation }) => operation);

describe('merging', () => {
  test('makes one put of two on a document, from the first state to the last, in the place of the first', () => {
    const merged = mergeChanges([[putPolicy('a', 'b')], [updateTrail({ x: true }), putPolicy('b', 'c')]]);
    expect(operations(merged)).toEqual(['s3:PutBucketPolicy', 'cloudtrail:UpdateTrail']);
    expect(merged[0]).toMatchObject({
      input: { Policy: 'c' },
      expect: { document: 'a' },
      result: { document: 'c' },
      undo: { input: { Policy: 'a' } },
      summary: 'to b to c',
    });
  });

  test('keeps no way back where the first put had none', () => {
    const { undo: _, ...first } = putPolicy(null, 'b');
    const [merged] = mergeChanges([[first], [putPolicy('b', 'c')]]);
    expect(merged).not.toHaveProperty('undo');
    expect(merged?.expect).toBeNull();
  });

  test('joins the members of partial updates in the place of the later one', () => {
    const merged = mergeChanges([[updateTrail({ x: true })], [putPolicy('a', 'b'), updateTrail({ y: true })]]);
    expect(operations(merged)).toEqual(['s3:PutBucketPolicy', 'cloudtrail:UpdateTrail']);
    expect(merged[1]).toMatchObject({
      input: { Name: 't', x: true, y: true },
      expect: { x: false, y: false },
      result: { x: true, y: true },
      undo: { input: { Name: 't', x: false, y: false } },
    });
  });

  test('leaves out what changes nothing, and what comes back to where it began', () => {
    expect(mergeChanges([[putPolicy('a', 'b')], [putPolicy('b', 'a')]])).toEqual([]);
  });

  test('leaves different documents and operations alone', () => {
    const other = { ...putPolicy('a', 'b'), target: 'bucket.policy:other' as const };
    expect(mergeChanges([[putPolicy('a', 'b'), other]])).toHaveLength(2);
  });

  test('moves references to the answers of steps with the steps', () => {
    const merged = mergeChanges([
      [putPolicy('a', 'b')],
      [putPolicy('b', 'c'), updateTrail({ x: true }), subscribe(2)],
      [subscribe(0)],
    ]);
    expect(operations(merged)).toEqual([
      's3:PutBucketPolicy',
      'cloudtrail:UpdateTrail',
      'sns:Subscribe',
      'sns:Subscribe',
    ]);
    for (const at of [2, 3]) {
      expect(merged[at]?.undo?.input).toEqual({ SubscriptionArn: { $output: [at, 'SubscriptionArn'] } });
    }
  });
});
