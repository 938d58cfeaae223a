import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  DescribeHubCommand,
  DisableSecurityHubCommand,
  EnableSecurityHubCommand,
  GetEnabledStandardsCommand,
  GetFindingsCommand,
  type GetFindingsCommandInput,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { describe, expect, test } from 'vitest';
import { allow, policy, securityHub } from '../../../../src/sandbox/aws/builders.ts';
import { errorOf } from '../core/support.ts';
import { MANAGEMENT, MEMBER, organization } from './support.ts';

const HubArn = `arn:aws:securityhub:us-east-1:${MEMBER}:hub/default`;
const FINDING: AwsSecurityFinding = {
  SchemaVersion: '2018-10-08',
  Id: 'trail-check/1',
  ProductArn: `arn:aws:securityhub:us-east-1:${MEMBER}:product/${MEMBER}/default`,
  ProductName: 'trail-check',
  GeneratorId: 'trail/logging',
  AwsAccountId: MEMBER,
  CreatedAt: '2026-11-20T09:00:00Z',
  UpdatedAt: '2026-11-20T09:00:00.000Z',
  Severity: { Label: 'HIGH' },
  Title: 'The trail does not log',
  Description: 'Nobody will know what happened.',
  Resources: [{ Type: 'AwsCloudTrailTrail', Id: 'arn:aws:cloudtrail:us-east-1:333333333333:trail/t' }],
};

async function off() {
  const parts = await organization();
  return { ...parts, client: new SecurityHubClient(parts.as(parts.member)) };
}

async function on() {
  const parts = await off();
  const hub = securityHub(parts.estate, parts.member, 'us-east-1');
  const put = (...findings: AwsSecurityFinding[]) =>
    parts.client.send(new BatchImportFindingsCommand({ Findings: findings }));
  const find = async (Filters?: GetFindingsCommandInput['Filters']) =>
    (await parts.client.send(new GetFindingsCommand({ Filters }))).Findings?.map((finding) => finding.Id);
  return { ...parts, hub, put, find };
}

describe('the hub', () => {
  test('is switched on once, and off again', async () => {
    const { client, member } = await off();
    const describe = () => client.send(new DescribeHubCommand({}));
    expect(await errorOf(describe())).toMatchObject({ name: 'InvalidAccessException', status: 401 });
    const disable = new DisableSecurityHubCommand({});
    expect((await errorOf(client.send(disable))).name).toBe('InvalidAccessException');
    const enable = new EnableSecurityHubCommand({ EnableDefaultStandards: false });
    await client.send(enable);
    expect(await describe()).toMatchObject({ HubArn, AutoEnableControls: true, SubscribedAt: expect.any(String) });
    expect((await client.send(new GetEnabledStandardsCommand({}))).StandardsSubscriptions).toEqual([]);
    expect(await errorOf(client.send(enable))).toMatchObject({ name: 'ResourceConflictException', status: 409 });
    expect(member.roles.has('AWSServiceRoleForSecurityHub')).toBe(true);
    await client.send(disable);
    expect((await errorOf(describe())).name).toBe('InvalidAccessException');
  });

  test('is on in one region, with its standards', async () => {
    const { client, as, member } = await on();
    const { StandardsSubscriptions } = await client.send(new GetEnabledStandardsCommand({}));
    expect(StandardsSubscriptions).toEqual([
      {
        StandardsArn: 'arn:aws:securityhub:us-east-1::standards/aws-foundational-security-best-practices/v/1.0.0',
        StandardsInput: {},
        StandardsStatus: 'READY',
        StandardsSubscriptionArn: `arn:aws:securityhub:us-east-1:${MEMBER}:subscription/aws-foundational-security-best-practices/v/1.0.0`,
      },
    ]);
    const elsewhere = new SecurityHubClient(as(member, 'eu-west-1'));
    expect((await errorOf(elsewhere.send(new DescribeHubCommand({})))).name).toBe('InvalidAccessException');
    const other = new DescribeHubCommand({ HubArn: `${HubArn}x` });
    expect((await errorOf(client.send(other))).name).toBe('ResourceNotFoundException');
  });

  test('comes with default standards unless told, and needs a role of its own', async () => {
    const { as, member, client } = await off();
    const enable = new EnableSecurityHubCommand({});
    const only = new SecurityHubClient(as(member, 'us-east-1', policy(allow('securityhub:*'))));
    const refused = await errorOf(only.send(enable));
    expect(refused).toMatchObject({ name: 'AccessDeniedException', status: 403 });
    expect(refused.message).toContain('iam:CreateServiceLinkedRole');
    await client.send(enable);
    expect((await client.send(new GetEnabledStandardsCommand({}))).StandardsSubscriptions).toHaveLength(2);
  });
});

describe('findings', () => {
  test('are imported, and found by id, product and state', async () => {
    const { put, find, client } = await on();
    const archived = { ...FINDING, Id: 'trail-check/2', RecordState: 'ARCHIVED' as const };
    const other = { ...FINDING, Id: 'other/1', ProductName: 'other' };
    expect(await put(FINDING, archived, other)).toMatchObject({ SuccessCount: 3, FailedCount: 0, FailedFindings: [] });
    expect(await find()).toHaveLength(3);
    expect(await find({ Id: [{ Value: 'trail-check/', Comparison: 'PREFIX' }] })).toHaveLength(2);
    expect(
      await find({
        ProductName: [{ Value: 'trail-check', Comparison: 'EQUALS' }],
        RecordState: [{ Value: 'ACTIVE', Comparison: 'EQUALS' }],
      }),
    ).toEqual(['trail-check/1']);
    expect(await find({ ProductArn: [{ Value: FINDING.ProductArn, Comparison: 'NOT_EQUALS' }] })).toEqual([]);
    const paged = await client.send(new GetFindingsCommand({ MaxResults: 2 }));
    const rest = await client.send(new GetFindingsCommand({ MaxResults: 2, NextToken: paged.NextToken }));
    expect([paged.Findings?.length, rest.Findings?.length, rest.NextToken]).toEqual([2, 1, undefined]);
    expect(paged.Findings?.[0]).toMatchObject({
      ...FINDING,
      Severity: { Label: 'HIGH', Normalized: 70 },
      Workflow: { Status: 'NEW' },
      RecordState: 'ACTIVE',
      Region: 'us-east-1',
    });
  });

  test('imported again change, but not what analysts wrote on them', async () => {
    const { put, hub, client } = await on();
    await put(FINDING);
    for (const finding of hub.findings.values()) finding.Workflow = { Status: 'SUPPRESSED' };
    await put({ ...FINDING, Title: 'It still does not', Workflow: { Status: 'NEW' } });
    const { Findings } = await client.send(new GetFindingsCommand({}));
    expect(Findings).toMatchObject([{ Title: 'It still does not', Workflow: { Status: 'SUPPRESSED' } }]);
  });

  test.each<[string, Partial<AwsSecurityFinding>, string]>([
    ['of another account', { AwsAccountId: MANAGEMENT }, 'not the account of the caller'],
    ['of a foreign product', { ProductArn: `${FINDING.ProductArn}x` }, 'not a product of this account'],
    ['of another schema', { SchemaVersion: '2020-01-01' }, 'SchemaVersion'],
    ['without a title', { Title: '' }, "required property 'Title'"],
    ['with a title that is too long', { Title: 'x'.repeat(257) }, '256 characters'],
    ['with a description that is too long', { Description: 'x'.repeat(1025) }, '1024 characters'],
    ['without severity', { Severity: undefined }, "required property 'Severity'"],
    ['without resources', { Resources: [] }, "required property 'Resources'"],
    ['with a resource without a type', { Resources: [{ Type: undefined, Id: 'x' }] }, "'Type' and 'Id'"],
    ['with a wrong time', { UpdatedAt: 'yesterday' }, 'date-time'],
    ['with too many fields', { ProductFields: fields(51) }, '50 properties'],
    ['larger than 240 KB', { Resources: [{ Type: 'Other', Id: 'x'.repeat(250_000) }] }, '240 KB'],
  ])('%s are refused one by one', async (_what, change, words) => {
    const { put, find } = await on();
    const answer = await put({ ...FINDING, ...change }, { ...FINDING, Id: 'good' });
    expect(answer).toMatchObject({ SuccessCount: 1, FailedCount: 1 });
    expect(answer.FailedFindings).toEqual([
      { Id: FINDING.Id, ErrorCode: 'InvalidInput', ErrorMessage: expect.stringContaining(words) },
    ]);
    expect(await find()).toEqual(['good']);
  });

  test('come a hundred at a time, and only where the hub is on', async () => {
    const { put, client, as, member } = await on();
    const many = Array.from({ length: 101 }, (_, index) => ({ ...FINDING, Id: String(index) }));
    expect((await errorOf(put(...many))).name).toBe('InvalidInputException');
    expect(await put(...many.slice(1))).toMatchObject({ SuccessCount: 100 });
    expect((await errorOf(put())).name).toBe('InvalidInputException');
    const elsewhere = new SecurityHubClient(as(member, 'eu-west-1'));
    const call = elsewhere.send(new BatchImportFindingsCommand({ Findings: [FINDING] }));
    expect((await errorOf(call)).name).toBe('InvalidAccessException');
    const unknown = new GetFindingsCommand({ Filters: { Keyword: [{ Value: 'x' }] } });
    expect((await errorOf(client.send(unknown))).name).toBe('InvalidInputException');
  });

  test('need leave for their product and account', async () => {
    const { as, member } = await on();
    const send = (resource: string, target: string) =>
      new SecurityHubClient(
        as(
          member,
          'us-east-1',
          policy({
            ...allow('securityhub:BatchImportFindings', resource),
            Condition: { StringEquals: { 'securityhub:TargetAccount': target } },
          }),
        ),
      ).send(new BatchImportFindingsCommand({ Findings: [FINDING] }));
    const own = `arn:aws:securityhub:*:${MEMBER}:product/${MEMBER}/default`;
    await send(own, MEMBER);
    for (const [resource, target] of [
      [HubArn, MEMBER],
      [own, MANAGEMENT],
    ] as const) {
      expect((await errorOf(send(resource, target))).name).toBe('AccessDeniedException');
    }
  });
});

function fields(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, 'x']));
}
