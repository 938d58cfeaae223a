import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import confusedDeputy from '../../checks/topic/confused-deputy.ts';
import notPublic from '../../checks/topic/not-public.ts';
import { addToTopicPolicy } from '../../src/check/changes/topic.ts';
import { canonicalPolicy, sameDocument } from '../../src/check/evaluators/canonical.ts';
import { decide } from '../../src/check/evaluators/policy/decide.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import { closedToOwner, openings } from '../../src/check/topic-exposure.ts';
import { topicPublishStatement } from '../../src/check/topic-publish.ts';
import { pinnedToTrails, sourceFault } from '../../src/check/topic-sources.ts';
import type { JsonObject } from '../../src/snapshot/types.ts';
import { findingOf, fixOf } from '../checks/bucket/support.ts';
import { topicIs, topicWith } from '../checks/topic/support.ts';
import { ACCOUNT, emptySnapshot, TOPIC_ARN, TRAIL_ARN } from '../support/snapshot.ts';

const STRANGER = '999999999999';
const scalarOrList = (values: fc.Arbitrary<string>) =>
  fc.oneof(values, fc.uniqueArray(values, { minLength: 1, maxLength: 3 }));

const principals = fc.oneof(
  fc.constant('*'),
  fc.record({ AWS: scalarOrList(fc.constantFrom('*', ACCOUNT, `arn:aws:iam::${STRANGER}:root`)) }),
  fc.record({
    Service: scalarOrList(fc.constantFrom('cloudtrail.amazonaws.com', 's3.amazonaws.com', 'cloudwatch.amazonaws.com')),
  }),
);
const conditions = fc.record(
  {
    StringEquals: fc.dictionary(
      fc.constantFrom('aws:SourceArn', 'AWS:SourceOwner', 'aws:SourceAccount', 'aws:PrincipalOrgID'),
      scalarOrList(fc.constantFrom(TRAIL_ARN, ACCOUNT, STRANGER, 'o-acme123456')),
      { maxKeys: 2 },
    ),
    ArnLike: fc.record({ 'aws:SourceArn': fc.constantFrom(`${TRAIL_ARN}`, 'arn:aws:cloudtrail:*:*:trail/*') }),
    Bool: fc.record({ 'aws:SecureTransport': fc.constant('true') }),
  },
  { requiredKeys: [] },
);
/** Statements of a topic policy, from a small world so that they meet. */
const statements: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      Sid: fc.constantFrom('A', 'B', 'Trail'),
      Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
      Principal: principals,
      Action: scalarOrList(fc.constantFrom('SNS:Publish', 'SNS:Subscribe', 'SNS:*', 'SNS:GetTopicAttributes')),
      Resource: fc.constant(TOPIC_ARN),
      Condition: conditions,
    },
    { requiredKeys: ['Effect', 'Principal', 'Action', 'Resource'] },
  )
  .map((statement) => JSON.parse(JSON.stringify(statement)));
const lists = fc.array(statements, { maxLength: 5 });

const parsed = (policy: unknown) => {
  const document = parsePolicy(policy);
  if (isPolicyError(document)) throw new Error(document.problem);
  return document;
};
const policyOf = (Statement: JsonObject[]) => parsed({ Version: '2012-10-17', Statement });

/** What a stranger, or CloudTrail for a trail that is none of ours, may do. */
const askings = fc.record({
  caller: fc.constantFrom('stranger', 'cloudtrail', 'storage'),
  action: fc.constantFrom('sns:Publish', 'sns:Subscribe', 'sns:GetTopicAttributes'),
});

function allows(document: ReturnType<typeof parsed>, { caller, action }: { caller: string; action: string }): boolean {
  const services: { [caller: string]: string } = {
    cloudtrail: 'cloudtrail.amazonaws.com',
    storage: 's3.amazonaws.com',
  };
  const service = services[caller];
  const none = { 'aws:sourceowner': [], 'aws:sourcearn': [], 'aws:sourceaccount': [], 'aws:principalorgid': [] };
  const context = {
    ...none,
    'aws:securetransport': ['true'],
    ...(service === undefined
      ? { 'aws:sourceowner': [STRANGER] }
      : { 'aws:sourcearn': ['arn:aws:x:::theirs'], 'aws:sourceaccount': [STRANGER] }),
  };
  const principal = service === undefined ? { aws: `arn:aws:iam::${STRANGER}:role/r` } : { service };
  return decide(document, { principal, action, resource: TOPIC_ARN, context }).effect === 'allow';
}

const RUNS = { numRuns: 500 };

describe('pinnedToTrails', () => {
  it('lets nobody in who was out, pins every statement of CloudTrail, and leaves the others the very objects', () => {
    fc.assert(
      fc.property(lists, askings, (Statement, asking) => {
        const snapshot = emptySnapshot();
        const before = policyOf(Statement);
        const after = pinnedToTrails(before, [TRAIL_ARN], snapshot);
        const document = parsed(after);
        if (!allows(before, asking)) expect(allows(document, asking)).toBe(false);
        // Whoever else was let in is not touched by what CloudTrail may do.
        if (asking.caller !== 'cloudtrail') expect(allows(document, asking)).toBe(allows(before, asking));
        for (const statement of document.statements) expect(sourceFault(statement, snapshot)).toBeUndefined();
        const kept = before.statements.filter((statement) => sourceFault(statement, snapshot) === undefined);
        for (const { raw } of kept) expect(after.Statement).toContain(raw);
        expect(parsed(pinnedToTrails(document, [TRAIL_ARN], snapshot)).raw).toEqual(document.raw);
      }),
      RUNS,
    );
  });
});

describe('closedToOwner', () => {
  it('leaves nothing open to strangers, lets nobody in who was out, and leaves the others the very objects', () => {
    fc.assert(
      fc.property(lists, askings, (Statement, asking) => {
        const before = policyOf(Statement);
        const open = openings(before).map(({ index }) => index);
        const after = closedToOwner(before, open, ACCOUNT);
        const document = parsed(after);
        expect(openings(document)).toEqual([]);
        if (!allows(before, asking)) expect(allows(document, asking)).toBe(false);
        before.statements.forEach(({ raw }, index) => {
          if (!open.includes(index)) expect(after.Statement[index]).toBe(raw);
        });
        expect(after.Statement).toHaveLength(before.statements.length);
      }),
      RUNS,
    );
  });
});

describe('addToTopicPolicy', () => {
  it('keeps every statement, changes nothing the second time, and goes back to what was read', () => {
    fc.assert(
      fc.property(lists, (Statement) => {
        const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
        const topic = { TopicArn: TOPIC_ARN, Policy, owner: ACCOUNT };
        const wanted = [topicPublishStatement(TOPIC_ARN, [TRAIL_ARN])];
        const edit = addToTopicPolicy(topic, wanted, 'x');
        if (!('change' in edit) || edit.change === undefined) return;
        const text = String(edit.change.input.AttributeValue);
        const kept = canonicalPolicy(text);
        const before = canonicalPolicy(Policy);
        if (!('statements' in kept) || !('statements' in before)) throw new Error('a policy is none');
        expect(kept.statements.length).toBeGreaterThanOrEqual(before.statements.length);
        expect(edit.change.undo?.input.AttributeValue).toBe(Policy);
        expect(addToTopicPolicy({ ...topic, Policy: text }, wanted, 'x')).toEqual({ change: undefined });
      }),
      RUNS,
    );
  });
});

describe('plans of topic policies', () => {
  const checks = fc.constantFrom(confusedDeputy, notPublic);

  it('mend what fails, apply to nothing the second time, and go back to what was read', () => {
    fc.assert(
      fc.property(checks, lists, (check, Statement) => {
        const before = topicWith(...Statement);
        const offered = fixOf(check, before);
        if (findingOf(check, before).verdict !== 'fail' || offered.kind !== 'plan') return;
        const [change] = offered.plan.changes;
        const after = String(change?.input.AttributeValue);
        const saved = String(change?.undo?.input.AttributeValue);
        expect(sameDocument<unknown>(saved, { Version: '2012-10-17', Statement }, canonicalPolicy)).toBe(true);
        const verdict = findingOf(check, topicIs({ Policy: after }));
        // An opening for everybody is closed by its own check.
        expect(verdict.verdict === 'pass' || verdict.cause === 'topic/not-public').toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
