import { expect, test } from 'vitest';
import type { Change } from '../../src/check/plan.ts';
import { barredByPolicy } from '../../src/fixes/barred.ts';
import type { JsonObject, Snapshot } from '../../src/snapshot/types.ts';
import { read } from '../support/parts.ts';
import { healthySnapshot, withPart } from '../support/snapshot.ts';

const MANAGEMENT = '999999999999';
const MEMBER = '111111111111';

function change(account: string, region = 'us-east-1'): Change {
  return {
    account,
    region,
    operation: 's3:PutBucketPolicy',
    input: { Bucket: 'logs', Policy: '{}' },
    resource: 'arn:aws:s3:::logs',
    summary: '',
    target: 'bucket.policy:logs',
    expect: null,
    result: null,
  };
}

/** An organization in which this statement stands in a policy on the member. */
function under(statement: JsonObject): Snapshot {
  const organization = { Id: 'o-1', MasterAccountId: MANAGEMENT, FeatureSet: 'ALL' as const };
  const inOrganization = withPart(healthySnapshot(), 'organization', 'organization', read(organization));
  const document = (Statement: JsonObject) => JSON.stringify({ Version: '2012-10-17', Statement });
  return withPart(
    inOrganization,
    'organization.policies',
    'organization',
    read({
      enabled: true,
      parents: { [MEMBER]: 'r-1', [MANAGEMENT]: 'r-1' },
      roots: ['r-1'],
      policies: {
        'p-all': {
          Name: 'FullAWSAccess',
          AwsManaged: true,
          Content: document({ Effect: 'Allow', Action: '*', Resource: '*' }),
          targets: ['r-1', MEMBER],
        },
        'p-1': { Name: 'guard', AwsManaged: false, Content: document(statement), targets: [MEMBER, MANAGEMENT] },
      },
    }),
  );
}

const DENY = { Effect: 'Deny', Action: 's3:PutBucketPolicy', Resource: 'arn:aws:s3:::logs' };

test.each<[string, JsonObject, Change, boolean]>([
  ['what a policy denies to everybody', DENY, change(MEMBER), true],
  [
    'what it denies to all but others',
    { ...DENY, Condition: spares('AWSControlTowerExecution') },
    change(MEMBER),
    true,
  ],
  ['what it denies to all but the fixer', { ...DENY, Condition: spares('fixer') }, change(MEMBER), false],
  ['what it denies elsewhere', { ...DENY, Resource: 'arn:aws:s3:::other' }, change(MEMBER), false],
  ['the management account, which none binds', DENY, change(MANAGEMENT), false],
  [
    'a closed region',
    {
      Effect: 'Deny',
      NotAction: 'iam:*',
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1'] } },
    },
    change(MEMBER),
    true,
  ],
])('%s', (_, statement, planned, barred) => {
  expect(barredByPolicy([planned], under(statement), 'fixer')).toBe(
    barred
      ? 'The service control policy guard of o-1 denies s3:PutBucketPolicy to the fixer in account 111111111111'
      : undefined,
  );
});

test('nothing is said where no fixer is configured or the policies were not read', () => {
  expect(barredByPolicy([change(MEMBER)], under(DENY), undefined)).toBeUndefined();
  expect(barredByPolicy([change(MEMBER)], healthySnapshot(), 'fixer')).toBeUndefined();
});

function spares(role: string) {
  return { ArnNotLike: { 'aws:PrincipalArn': `arn:*:iam::*:role/${role}` } };
}
