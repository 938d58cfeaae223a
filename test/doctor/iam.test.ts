import { describe, expect, it, test } from 'vitest';
import { FAMILIES, type Family } from '../../src/doctor/iam/families.ts';
import { fixerRole } from '../../src/doctor/iam/fixer.ts';
import { givenFrom, partitionOfRegion } from '../../src/doctor/iam/given.ts';
import { roleDocuments } from '../../src/doctor/iam/json.ts';
import { printRole } from '../../src/doctor/iam/print.ts';
import { readerRole } from '../../src/doctor/iam/reader.ts';
import type { Role, Statement } from '../../src/doctor/iam/statement.ts';
import { partsNeeded } from '../../src/posture/catalogue.ts';
import { rolesFor } from '../fixes/exact-roles.ts';
import { catalogue } from '../support/fixes.ts';
import { fromCloudFormation, fromTerraform, type Values } from './resolve.ts';

const KEY = 'arn:aws-cn:kms:cn-north-1:333333333333:key/0b5a9c1e-1111-4222-8333-444455556666';
const NONE: Values = {
  partition: 'aws-cn',
  account: '333333333333',
  hub: 'arn:aws-cn:iam::999999999999:role/trail-check/Hub',
  externalId: '7c1f3f0e-mend',
  buckets: [],
  keys: [],
  roles: [],
};
const SOME: Values = {
  ...NONE,
  buckets: ['arn:aws-cn:s3:::acme-logs', 'arn:aws-cn:s3:::trail-check-*'],
  keys: [KEY],
  roles: ['arn:aws-cn:iam::333333333333:role/ToLogs'],
};

const all = async () => rolesFor([...(await catalogue()).values()]);

describe('a role is the same in every format', () => {
  test.each([
    ['reader', NONE],
    ['fixer', NONE],
    ['fixer', SOME],
  ] as const)('%s', async (kind, values) => {
    const role = (await all())[kind];
    const wanted = roleDocuments(role, values);
    const bare = { ...values, hub: undefined, externalId: undefined };
    const stack = fromCloudFormation(printRole(role, bare, 'cloudformation'), values);
    const module = await fromTerraform(printRole(role, bare, 'terraform'), values);
    expect(stack).toEqual(wanted);
    expect(bySid(module)).toEqual(bySid(wanted));
    expect(JSON.parse(printRole(role, values, 'json'))).toEqual(wanted);
  });

  /** Terraform's parser gives statements apart from those that depend on a list. */
  function bySid(documents: object): unknown {
    return JSON.parse(JSON.stringify(documents), (key, value) =>
      key === 'Statement' ? Object.fromEntries(value.map((one: { Sid: string }) => [one.Sid, one])) : value,
    );
  }

  it('with what is known as defaults of its parameters', async () => {
    const { fixer } = await all();
    for (const format of ['cloudformation', 'terraform'] as const) {
      const text = printRole(fixer, SOME, format);
      for (const value of [SOME.hub, SOME.externalId, ...SOME.buckets, ...SOME.keys, ...SOME.roles]) {
        expect(text).toContain(value);
      }
    }
  });
});

const granted = ({ permissions }: Role) => permissions.filter(({ effect }) => effect === 'Allow');
const of = (role: Role, action: string): Statement[] => granted(role).filter(({ actions }) => actions.includes(action));

describe('the fixer', () => {
  it('may touch buckets, keys and roles only where they are named', async () => {
    const { fixer } = await all();
    for (const { actions, resources, condition } of granted(fixer)) {
      for (const action of actions) {
        const service = action.split(':')[0];
        if (service === 's3') expect([action, resources]).toEqual([action, 'buckets']);
        if (service === 'kms') expect([action, resources]).toEqual([action, 'keys']);
        const free = typeof resources === 'object' && resources.some((arn) => /:(role|user|group)\/\*$/.test(arn));
        if (free) expect(condition).toEqual({ ArnEquals: { 'iam:PolicyARN': expect.any(Array) } });
      }
    }
  });

  it('makes roles only under its path and with its boundary', async () => {
    const { fixer } = await all();
    expect(of(fixer, 'iam:CreateRole')).toMatchObject([
      {
        resources: ['arn:{partition}:iam::{account}:role/trail-check/*'],
        condition: { StringLike: { 'iam:PermissionsBoundary': expect.stringContaining(':policy/trail-check/') } },
      },
    ]);
    expect(fixer.boundary?.flatMap(({ actions }) => actions)).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
  });

  it('passes roles to CloudTrail and AWS Config only', async () => {
    const { fixer } = await all();
    const services = of(fixer, 'iam:PassRole').map(({ condition }) => condition?.StringEquals?.['iam:PassedToService']);
    expect(new Set(services)).toEqual(new Set(['cloudtrail.amazonaws.com', 'config.amazonaws.com']));
  });

  it('trusts CloudTrail alone with the organization', async () => {
    const { fixer } = await all();
    expect(of(fixer, 'organizations:EnableAWSServiceAccess')).toMatchObject([
      { condition: { StringEquals: { 'organizations:ServicePrincipal': 'cloudtrail.amazonaws.com' } } },
    ]);
  });

  it('has no wildcard in any action, and is denied what nobody approves', async () => {
    const { fixer } = await all();
    const actions = granted(fixer).flatMap((statement) => statement.actions);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    expect(fixer.permissions.at(-1)).toMatchObject({
      effect: 'Deny',
      actions: ['cloudtrail:StopLogging', 'kms:DisableKey', 'kms:ScheduleKeyDeletion'],
      resources: ['*'],
    });
  });

  test.each<[Family, RegExp]>([
    ['trail', /^(cloudtrail|organizations|iam:(GetRole|PassRole|CreateServiceLinkedRole)|kms:(Decrypt|Generate))/],
    ['bucket', /^s3:/],
    ['logs', /^(logs|cloudwatch|sns):/],
    ['key', /^kms:/],
    ['config', /^(config|securityhub|iam:(PassRole|CreateServiceLinkedRole))/],
    ['iam', /^iam:/],
  ])('of the family %s may do what it is for', async (family, form) => {
    const checks = [...(await catalogue()).values()].map(({ fix }) => fix.operations);
    const actions = granted(fixerRole(checks, [family])).flatMap((statement) => statement.actions);
    expect(actions.filter((action) => !form.test(action))).toEqual([]);
    expect(actions.length).toBeGreaterThan(2);
  });

  it('of one check may do what that needs', () => {
    const actions = granted(fixerRole([['cloudtrail:StartLogging']], FAMILIES)).flatMap(({ actions }) => actions);
    expect(actions).toEqual(['cloudtrail:StartLogging']);
  });

  it('of checks that people mend is none', () => {
    expect(() => fixerRole([[]], FAMILIES)).toThrow('nothing to allow');
  });
});

describe("IAM's limits", () => {
  it('leave room for names', async () => {
    const roles = await all();
    for (const role of [roles.reader, roles.fixer]) {
      const { trust, permissions, boundary } = roleDocuments(role, SOME);
      expect(JSON.stringify(permissions).length).toBeLessThan(10_240 - 2_048);
      expect(JSON.stringify(trust).length).toBeLessThan(2_048);
      expect(JSON.stringify(boundary ?? {}).length).toBeLessThan(6_144);
    }
  });

  it('refuse what is too long, with what to do', async () => {
    const buckets = Array.from(
      { length: 200 },
      (_, number) => `arn:aws:s3:::a-bucket-with-a-rather-long-name-${number}`,
    );
    const { fixer } = await all();
    expect(() => printRole(fixer, { ...NONE, buckets }, 'terraform')).toThrow(
      /has \d+ characters, and IAM takes 10240/,
    );
  });
});

test('names become ARNs of the partition; ARNs stay', () => {
  const words = { buckets: ['logs', 'arn:aws:s3:::x'], keys: [KEY], roles: ['service/ToLogs'] };
  expect(givenFrom(words, 'aws-us-gov')).toMatchObject({
    account: '*',
    buckets: ['arn:aws-us-gov:s3:::logs', 'arn:aws:s3:::x'],
    keys: [KEY],
    roles: ['arn:aws-us-gov:iam::*:role/service/ToLogs'],
  });
  expect(['us-gov-west-1', 'cn-north-1', 'eu-west-1', undefined].map(partitionOfRegion)).toEqual([
    'aws-us-gov',
    'aws-cn',
    'aws',
    'aws',
  ]);
});

test('the reader of some parts is a role like any other', async () => {
  const [check] = [...(await catalogue()).values()];
  const reader = readerRole(check === undefined ? [] : [...partsNeeded([check])]);
  expect(reader).toMatchObject({ kind: 'reader', permissions: [{ effect: 'Allow', resources: ['*'] }] });
});
