import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { narrowKeyPolicy } from '../../../src/check/changes/narrow-key-policy.ts';
import { putKeyPolicy } from '../../../src/check/changes/put-policy.ts';
import { canonicalPolicy, sameDocument } from '../../../src/check/evaluators/canonical.ts';
import { serviceContext } from '../../../src/check/evaluators/policy/contexts.ts';
import { decide, type Request } from '../../../src/check/evaluators/policy/decide.ts';
import { isPolicyError, parsePolicy } from '../../../src/check/evaluators/policy/parse.ts';
import { keySources } from '../../../src/check/key-sources.ts';
import type { Key, Trail } from '../../../src/snapshot/types.ts';
import { ACCOUNT, ARCHIVE, emptySnapshot, KEY_ARN, withKey, withTrail } from '../../support/snapshot.ts';

const OUTSIDE = '999999999999';
const SNAPSHOT = withKey(
  withTrail(withTrail(emptySnapshot({ accounts: [ACCOUNT, ARCHIVE] })), { name: 'second', owner: ARCHIVE }),
);
const KEY = ofPart<Key>(SNAPSHOT.key[KEY_ARN]);
const TRAILS = Object.values(SNAPSHOT.trail).map((part) => ofPart<Trail>(part));
const STRANGE = [
  `arn:aws:cloudtrail:us-east-1:${OUTSIDE}:trail/x`,
  `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/gone`,
];
const ARNS = [...TRAILS.map(({ TrailARN }) => TrailARN), ...STRANGE];
const CONTEXT = 'kms:EncryptionContext:aws:cloudtrail:arn';

const some = (...values: string[]) => fc.oneof(fc.constantFrom(...values), fc.subarray(values, { minLength: 1 }));
const sourceArns = some(...ARNS);
const contexts = some(`arn:aws:cloudtrail:*:${ACCOUNT}:trail/*`, `arn:aws:cloudtrail:*:${ARCHIVE}:trail/*`);
const conditions = fc.oneof(
  fc.record({ StringEquals: fc.record({ 'aws:SourceArn': sourceArns }) }),
  fc.record({
    StringEquals: fc.record({ 'aws:SourceArn': sourceArns }),
    StringLike: fc.record({ [CONTEXT]: contexts }),
  }),
  fc.record(
    {
      StringEquals: fc.record(
        {
          'aws:SourceArn': sourceArns,
          'aws:SourceAccount': some(ACCOUNT, ARCHIVE, OUTSIDE),
          'kms:CallerAccount': fc.constant(ACCOUNT),
        },
        { requiredKeys: [] },
      ),
      ArnLike: fc.record({
        'AWS:SourceArn': some(`arn:aws:cloudtrail:*:${ACCOUNT}:trail/*`, 'arn:aws:cloudtrail:*:*:trail/*'),
      }),
      StringLike: fc.record({ [CONTEXT]: contexts }),
      StringNotEquals: fc.record({ 'aws:SourceAccount': some(OUTSIDE, ARCHIVE) }),
    },
    { requiredKeys: [] },
  ),
);
const statements = fc.record(
  {
    Sid: fc.constantFrom('A', 'A2', 'Trail'),
    Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
    Principal: fc.oneof(
      fc.constant({ Service: 'cloudtrail.amazonaws.com' }),
      fc.record({ Service: some('cloudtrail.amazonaws.com', 'config.amazonaws.com') }),
      fc.record({ Service: fc.constant('cloudtrail.amazonaws.com'), AWS: some(ACCOUNT, ARCHIVE) }),
      fc.record({ AWS: some(ACCOUNT, ARCHIVE) }),
    ),
    Action: some('kms:GenerateDataKey*', 'kms:GenerateDataKey', 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt'),
    Resource: fc.constant('*'),
    Condition: conditions,
  },
  { requiredKeys: ['Effect', 'Principal', 'Action', 'Resource'] },
);
const policies = fc.record({
  Version: fc.constant('2012-10-17'),
  Id: fc.constant('key'),
  Statement: fc.uniqueArray(statements, { minLength: 1, maxLength: 5, selector: ({ Sid }) => Sid ?? {} }),
});

const ACTIONS = [
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
];

/** CloudTrail for a trail; describing carries no encryption context. */
const asked: Request[] = ['cloudtrail.amazonaws.com', 'config.amazonaws.com'].flatMap((service) =>
  ARNS.flatMap((sourceArn) =>
    ACTIONS.map((action) => ({
      principal: { service },
      action,
      resource: KEY_ARN,
      context: {
        ...serviceContext({ service, sourceArn, sourceAccount: sourceArn.split(':')[4] ?? '', organizationId: null }),
        [CONTEXT.toLowerCase()]: action === 'kms:DescribeKey' ? [] : [sourceArn],
        'kms:calleraccount': [],
      },
    })),
  ),
);
const askedByPeople: Request[] = [ACCOUNT, ARCHIVE].flatMap((account) =>
  ACTIONS.map((action) => ({
    principal: { aws: `arn:aws:iam::${account}:role/r` },
    action,
    resource: KEY_ARN,
    context: {
      'aws:sourcearn': [],
      'aws:sourceaccount': [],
      [CONTEXT.toLowerCase()]: [],
      'kms:calleraccount': [account],
    },
  })),
);

function ofPart<T>(part: { state: string; value?: T } | undefined): T {
  if (part?.value === undefined) throw new Error('the part was not read');
  return part.value;
}

function parsed(document: unknown) {
  const policy = parsePolicy(document);
  if (isPolicyError(policy)) throw new Error(policy.problem);
  return policy;
}

function narrowed(document: unknown) {
  const before = parsed(document);
  const { flaws } = keySources(before, KEY, SNAPSHOT);
  const result = narrowKeyPolicy(before, flaws, TRAILS, 'aws');
  if ('problem' in result) throw new Error(result.problem);
  return { before, flaws, document: result.document, after: parsed(result.document) };
}

const allowed = (policy: ReturnType<typeof parsed>, request: Request) => decide(policy, request).effect === 'allow';
const isOurs = ({ principal, context }: Request) =>
  'service' in principal &&
  principal.service === 'cloudtrail.amazonaws.com' &&
  TRAILS.some(({ TrailARN }) => context['aws:sourcearn']?.includes(TrailARN));
const isCloudTrail = ({ principal }: Request) =>
  'service' in principal && principal.service === 'cloudtrail.amazonaws.com';

describe('narrowKeyPolicy', () => {
  it('gives nobody more than before', () => {
    fc.assert(
      fc.property(policies, (document) => {
        const { before, after } = narrowed(document);
        for (const request of [...asked, ...askedByPeople]) {
          if (allowed(after, request)) expect(allowed(before, request)).toBe(true);
        }
      }),
    );
  });

  it('takes nothing from the trails on the key, nor from anybody who is not CloudTrail', () => {
    fc.assert(
      fc.property(policies, (document) => {
        const { before, after } = narrowed(document);
        for (const request of [...asked.filter((it) => isOurs(it) || !isCloudTrail(it)), ...askedByPeople]) {
          expect({ request, may: allowed(after, request) }).toEqual({ request, may: allowed(before, request) });
        }
      }),
    );
  });

  it('leaves every other statement exactly as read', () => {
    fc.assert(
      fc.property(policies, (document) => {
        const { before, flaws, document: after } = narrowed(document);
        const kept = before.statements.filter((_, index) => !flaws.some((flaw) => flaw.index === index));
        for (const { raw } of kept) expect(after.Statement.some((it) => it === raw)).toBe(true);
        const { Statement: _before, ...rest } = before.raw;
        const { Statement: _after, ...restAfter } = after;
        expect(restAfter).toEqual(rest);
      }),
    );
  });

  it('leaves no flaw, so that a second time changes nothing', () => {
    fc.assert(
      fc.property(policies, (document) => {
        const { document: once, after } = narrowed(document);
        expect(keySources(after, KEY, SNAPSHOT).flaws).toEqual([]);
        expect(narrowed(once).document).toEqual(once);
      }),
    );
  });

  it('gives no two statements one Sid', () => {
    fc.assert(
      fc.property(policies, (document) => {
        const sids = narrowed(document).document.Statement.flatMap(({ Sid }) => (Sid === undefined ? [] : [Sid]));
        expect(new Set(sids).size).toBe(sids.length);
      }),
    );
  });

  it('is taken back to the text as it was read', () => {
    fc.assert(
      fc.property(policies, (document) => {
        const text = JSON.stringify(document, null, 2);
        const change = putKeyPolicy(KEY, { text }, narrowed(document).document, { summary: '', undo: '' });
        expect(change.undo?.input.Policy).toBe(text);
        expect(sameDocument<unknown>(change.undo?.input.Policy, document, canonicalPolicy)).toBe(true);
      }),
    );
  });
});
