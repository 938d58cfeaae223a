import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteMetricFilterCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  ListTagsForResourceCommand,
  PutMetricFilterCommand,
  type PutMetricFilterCommandInput,
  PutRetentionPolicyCommand,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from 'vitest';
import { allow, logGroup, metricFilter, policy } from '../../../../src/sandbox/aws/builders.ts';
import { errorOf } from '../core/support.ts';
import { MEMBER, organization } from './support.ts';

const logGroupName = 'aws-cloudtrail-logs';
const ARN = `arn:aws:logs:us-east-1:${MEMBER}:log-group:${logGroupName}`;

async function withGroup() {
  const parts = await organization();
  const group = logGroup(parts.estate, parts.member, 'us-east-1', logGroupName, { tags: { team: 'security' } });
  return { ...parts, group, client: new CloudWatchLogsClient(parts.as(parts.member)) };
}

describe('log groups', () => {
  test('are described with both forms of their ARN, and their tags', async () => {
    const { client } = await withGroup();
    const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'aws-cloud' }));
    expect(logGroups).toMatchObject([{ logGroupName, arn: `${ARN}:*`, logGroupArn: ARN, retentionInDays: 365 }]);
    const none = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'other' }));
    expect(none.logGroups).toEqual([]);
    const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn: ARN }));
    expect(tags).toEqual({ team: 'security' });
  });

  test('come fifty to a page', async () => {
    const { client, estate, member } = await withGroup();
    for (let index = 0; index < 60; index += 1) logGroup(estate, member, 'us-east-1', `group-${index}`);
    const sizes: number[] = [];
    for await (const page of paginateDescribeLogGroups({ client }, {})) sizes.push(page.logGroups?.length ?? 0);
    expect(sizes).toEqual([50, 11]);
  });

  test('are made once and removed once', async () => {
    const { client, member } = await withGroup();
    await client.send(new CreateLogGroupCommand({ logGroupName: 'new', tags: { a: 'b' } }));
    expect(member.regional.get('us-east-1')?.logGroups.get('new')).toMatchObject({
      tags: { a: 'b' },
      class: 'STANDARD',
    });
    const again = await errorOf(client.send(new CreateLogGroupCommand({ logGroupName: 'new' })));
    expect(again.name).toBe('ResourceAlreadyExistsException');
    await client.send(new DeleteLogGroupCommand({ logGroupName: 'new' }));
    const gone = await errorOf(client.send(new DeleteLogGroupCommand({ logGroupName: 'new' })));
    expect(gone.name).toBe('ResourceNotFoundException');
  });

  test('keep for the days that are possible, or for ever', async () => {
    const { client, group } = await withGroup();
    await client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 731 }));
    expect(group.retentionInDays).toBe(731);
    const odd = await errorOf(client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 100 })));
    expect(odd.name).toBe('InvalidParameterException');
    await client.send(new DeleteRetentionPolicyCommand({ logGroupName }));
    expect(group.retentionInDays).toBeUndefined();
  });

  test.each([
    ['with the trailing star AWS asks for', `${ARN}:*`, true],
    ['without it', ARN, false],
  ])('a policy names them %s', async (_how, resource, allowed) => {
    const { as, member } = await withGroup();
    const client = new CloudWatchLogsClient(as(member, 'us-east-1', policy(allow('logs:*', resource))));
    const put = client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 365 }));
    if (allowed) await put;
    else expect((await errorOf(put)).name).toBe('AccessDeniedException');
  });
});

describe('metric filters', () => {
  const filter = (change: Partial<PutMetricFilterCommandInput> = {}) =>
    new PutMetricFilterCommand({
      logGroupName,
      filterName: 'root-use',
      filterPattern: '{ $.userIdentity.type = "Root" }',
      metricTransformations: [{ metricName: 'RootUse', metricNamespace: 'Trail', metricValue: '1' }],
      ...change,
    });

  test('are put in place of one another by name, found by metric, deleted once', async () => {
    const { client } = await withGroup();
    await client.send(filter({ filterPattern: '' }));
    await client.send(filter());
    const found = await client.send(
      new DescribeMetricFiltersCommand({ metricName: 'RootUse', metricNamespace: 'Trail' }),
    );
    expect(found.metricFilters).toMatchObject([{ logGroupName, filterPattern: '{ $.userIdentity.type = "Root" }' }]);
    const remove = () => client.send(new DeleteMetricFilterCommand({ logGroupName, filterName: 'root-use' }));
    await remove();
    expect((await errorOf(remove())).name).toBe('ResourceNotFoundException');
  });

  test('come fifty to a page, a hundred to a group', async () => {
    const { client, group } = await withGroup();
    for (let index = 0; index < 100; index += 1) {
      metricFilter(group, `f-${index}`, '', { name: `m-${index}`, namespace: 'Trail' });
    }
    const page = await client.send(new DescribeMetricFiltersCommand({ logGroupName }));
    expect(page.metricFilters).toHaveLength(50);
    const next = await client.send(new DescribeMetricFiltersCommand({ logGroupName, nextToken: page.nextToken }));
    expect(next.metricFilters?.[0]?.filterName).toBe('f-50');
    expect((await errorOf(client.send(filter()))).name).toBe('LimitExceededException');
    await client.send(filter({ filterName: 'f-1' }));
  });

  test.each<[string, Partial<PutMetricFilterCommandInput>, string]>([
    ['a pattern that is too long', { filterPattern: 'x'.repeat(1025) }, 'InvalidParameterException'],
    ['a pattern left open', { filterPattern: '{ $.a = 1' }, 'InvalidParameterException'],
    ['a name with a star', { filterName: 'a*' }, 'InvalidParameterException'],
    ['no metric', { metricTransformations: [] }, 'InvalidParameterException'],
    ['a group that is not there', { logGroupName: 'none' }, 'ResourceNotFoundException'],
  ])('%s is refused', async (_what, change, code) => {
    const { client } = await withGroup();
    expect((await errorOf(client.send(filter(change)))).name).toBe(code);
  });
});
