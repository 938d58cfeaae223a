import { describe, expect, test } from 'vitest';
import { canonicalJson, canonicalPolicy } from '../../src/check/evaluators/canonical.ts';
import { DEMO_ACCOUNTS, DEMO_BUCKETS, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import type { Estate, PolicyStatement } from '../../src/sandbox/aws/types.ts';
import { addStatement, bucketIn, trailIn } from '../fixes/estate.ts';
import { ALREADY_BROKEN, type Trap, traps, undelivered } from './support.ts';

/* The whole bucket policy deleted or overwritten, or one trail's statement lost to another of the same Sid. */

const { web, data } = DEMO_ACCOUNTS;
const { archive, legacy } = DEMO_BUCKETS;
const { spring } = traps();

const statements = (estate: Estate, name: string): PolicyStatement[] => bucketIn(estate, name).policy?.Statement ?? [];

const ofService = (statement: PolicyStatement, service: string) =>
  typeof statement.Principal === 'object' && [statement.Principal.Service].flat().includes(service);

/** A statement in canonical form: AWS gives a list of one back as its one member. */
const meaning = (statement: PolicyStatement) => canonicalJson(canonicalPolicy({ Statement: [statement] }));

/** What neither trail nor fix has to do with. */
function bystander(estate: Estate, name: string): void {
  addStatement(bucketIn(estate, name).policy, { Sid: 'Bystander', Resource: `arn:aws:s3:::${name}/elsewhere/*` });
}

describe('a fix of a bucket policy keeps every statement it is not about, and the trails deliver', () => {
  /** `touched`: Sids of what the fix is about. */
  const cases: (Trap & { touched: string[] })[] = [
    { check: 'bucket/tls-only', target: web, resource: archive, touched: [] },
    { check: 'bucket/policy-not-public', target: data, resource: legacy, touched: ['AuditorsReadOnly'] },
    {
      check: 'bucket/confused-deputy',
      target: web,
      resource: archive,
      touched: ['AWSCloudTrailWriteWeb'],
      change: (estate) => {
        for (const statement of statements(estate, archive)) {
          if (statement.Sid === 'AWSCloudTrailWriteWeb') {
            statement.Condition = { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } };
          }
        }
      },
    },
    {
      check: 'bucket/delivery-policy',
      target: web,
      resource: archive,
      // The second trail joins the first one in being let look at the ACL.
      touched: ['AWSCloudTrailAclCheck'],
      change: (estate) => {
        const policy = bucketIn(estate, archive).policy;
        if (policy) policy.Statement = policy.Statement.filter(({ Sid }) => !Sid?.endsWith('Web'));
      },
    },
  ];

  test.each(cases)('$check', async ({ touched, ...trap }) => {
    let before: PolicyStatement[] = [];
    const { estate, plan, writes } = await spring({
      ...trap,
      change: (shaped) => {
        trap.change?.(shaped);
        bystander(shaped, trap.resource);
        before = structuredClone(statements(shaped, trap.resource));
      },
    });
    expect(plan).toBeDefined();
    expect(writes.map(({ operation }) => operation)).toEqual(['PutBucketPolicy']);
    const after = statements(estate, trap.resource).map(meaning);
    const untouched = before.filter(({ Sid = '' }) => !touched.includes(Sid));
    expect(untouched.length).toBeGreaterThan(1);
    for (const statement of untouched) expect(after).toContain(meaning(statement));
    expect(undelivered(estate)).toEqual(ALREADY_BROKEN);
  });
});

describe('two trails share a bucket, and both of their statements have the Sid of the console', () => {
  /** As each trail's own tool would have written it. */
  const sameSids = (estate: Estate) => {
    for (const statement of statements(estate, archive)) {
      if (ofService(statement, 'cloudtrail.amazonaws.com')) statement.Sid = 'AWSCloudTrailWrite20150319';
    }
  };

  test.each([
    ['bucket/delivery-policy', (statement: PolicyStatement) => statement.Action === 's3:PutObject'],
    ['bucket/confused-deputy', () => false],
  ])('%s for the one leaves the other alone', async (check, lost) => {
    const { estate, plan } = await spring({
      check,
      target: web,
      resource: archive,
      change: (shaped) => {
        const policy = bucketIn(shaped, archive).policy;
        const ofWeb = (statement: PolicyStatement) => JSON.stringify(statement).includes(DEMO_TRAILS.web);
        if (policy) policy.Statement = policy.Statement.filter((one) => !(ofWeb(one) && lost(one)));
        if (check === 'bucket/confused-deputy') {
          for (const one of statements(shaped, archive)) {
            if (ofWeb(one) && one.Action === 's3:PutObject') delete one.Condition;
          }
        }
        sameSids(shaped);
      },
    });
    expect(plan).toBeDefined();
    const text = JSON.stringify(statements(estate, archive));
    for (const trail of [DEMO_TRAILS.organization, DEMO_TRAILS.web]) expect(text).toContain(trail);
    expect(undelivered(estate)).toEqual(ALREADY_BROKEN);
  });
});

test('no trail of the demo ends up in another bucket by any fix of a policy', async () => {
  const { estate } = await spring({ check: 'bucket/policy-not-public', target: data, resource: legacy });
  expect(Object.values(DEMO_TRAILS).map((arn) => trailIn(estate, arn).bucket)).toEqual([
    archive,
    archive,
    legacy,
    DEMO_BUCKETS.staging,
    DEMO_BUCKETS.gone,
  ]);
});
