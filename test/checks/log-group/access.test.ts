import { describe, expect, it } from 'vitest';
import check from '../../../checks/log-group/access.ts';
import type { JsonObject, LogsResourcePolicy, SharingLink, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  denied,
  failed,
  healthySnapshot,
  LOG_GROUP_ARN,
  REGION,
  unsupported,
  withLogGroup,
  withOrganization,
  withPart,
} from '../../support/snapshot.ts';
import { findingOf, fixOf } from '../bucket/support.ts';
import { readsTheGroup, saysLikeAll } from './support.ts';

const STRANGER = '999999999999';
const policy = (more: JsonObject = {}, rest: Partial<LogsResourcePolicy> = {}): LogsResourcePolicy => ({
  policyName: 'readers',
  policyDocument: JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: 'logs:GetLogEvents', Resource: `${LOG_GROUP_ARN}:*`, ...more },
    ],
  }),
  ...rest,
});
const withPolicy = (more: JsonObject = {}, rest: Partial<LogsResourcePolicy> = {}) =>
  withLogGroup(healthySnapshot(), { resourcePolicies: [policy(more, rest)] });
const sendingTo = (destinationArn: string, snapshot = healthySnapshot()) =>
  withLogGroup(snapshot, { subscriptionFilters: [{ filterName: 'siem', destinationArn }] });
const destination = (account: string) => `arn:aws:logs:${REGION}:${account}:destination:siem`;
const link = (account: string, more: Partial<SharingLink> = {}): SharingLink => ({
  Arn: `arn:aws:oam:${REGION}:${ACCOUNT}:link/1`,
  Label: 'observability',
  ResourceTypes: ['AWS::CloudWatch::Metric', 'AWS::Logs::LogGroup'],
  SinkArn: `arn:aws:oam:${REGION}:${account}:sink/1`,
  ...more,
});
const withLinks = (...links: SharingLink[]) => withLogGroup(healthySnapshot(), { links });

describe('log-group/access', () => {
  saysLikeAll(check);
  readsTheGroup(check);

  it.each<[string, Snapshot, JsonObject]>([
    [
      'resource policy open to everybody',
      withPolicy(),
      {
        verdict: 'fail',
        reason: 'The resource policy readers is open to everybody, without a condition (statement 1).',
      },
    ],
    ['resource policy for every group', withPolicy({ Resource: '*' }), { verdict: 'fail' }],
    [
      'policy on the group itself, without a resource',
      withPolicy({}, { resourceArn: LOG_GROUP_ARN }),
      { verdict: 'fail' },
    ],
    [
      'Resource policy for another group only: ignored',
      withPolicy({ Resource: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:other:*` }),
      { verdict: 'pass' },
    ],
    ['policy on another group', withPolicy({}, { resourceArn: `${LOG_GROUP_ARN}-2` }), { verdict: 'pass' }],
    [
      'Principal * limited by aws:SourceArn or aws:SourceAccount: pass (aws:SourceArn)',
      withPolicy({ Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:es:*:${ACCOUNT}:domain/*` } } }),
      { verdict: 'pass' },
    ],
    [
      'limited by aws:SourceAccount',
      withPolicy({ Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } }),
      { verdict: 'pass' },
    ],
    ['a service', withPolicy({ Principal: { Service: 'es.amazonaws.com' } }), { verdict: 'pass' }],
    [
      'Subscription to a destination ARN in another account: judged by that account id (a stranger)',
      sendingTo(destination(STRANGER)),
      {
        verdict: 'fail',
        reason: `The subscription filter siem sends every event to account ${STRANGER}, which is outside the estate.`,
      },
    ],
    ['destination in another account of the estate', sendingTo(destination(ARCHIVE)), { verdict: 'pass' }],
    ['function of the account', sendingTo(`arn:aws:lambda:${REGION}:${ACCOUNT}:function:ship`), { verdict: 'pass' }],
    [
      'destination in an account of the organization that is not read',
      sendingTo(destination(STRANGER), withOrganization(healthySnapshot(), { accounts: [{ Id: STRANGER }] })),
      { verdict: 'pass' },
    ],
    [
      'accounts of the organization not known',
      withPart(
        sendingTo(destination(STRANGER)),
        'organization.accounts',
        'organization',
        denied('organizations:ListAccounts', ACCOUNT),
      ),
      { verdict: 'unknown', missingPermission: 'organizations:ListAccounts' },
    ],
    ['sharing link to a stranger', withLinks(link(STRANGER)), { verdict: 'fail' }],
    [
      'sharing link to a stranger with a filter',
      withLinks(link(STRANGER, { logGroupFilter: "LogGroupName LIKE 'app%'" })),
      { verdict: 'fail', reason: expect.stringContaining("where LogGroupName LIKE 'app%'") },
    ],
    ['sharing link to the monitoring account of the estate', withLinks(link(ARCHIVE)), { verdict: 'pass' }],
    [
      'Sharing link whose resource types leave out log groups: pass',
      withLinks(link(STRANGER, { ResourceTypes: ['AWS::CloudWatch::Metric'] })),
      { verdict: 'pass' },
    ],
    [
      'Region without the sharing service: that part not-applicable',
      withLogGroup(healthySnapshot(), { links: unsupported('oam:ListLinks') }),
      { verdict: 'pass', notes: ['Log groups cannot be shared by links in this region.'] },
    ],
    [
      'AccessDenied on DescribeResourcePolicies: unknown, naming logs:DescribeResourcePolicies',
      withLogGroup(healthySnapshot(), { resourcePolicies: denied('logs:DescribeResourcePolicies', ACCOUNT) }),
      { verdict: 'unknown', missingPermission: 'logs:DescribeResourcePolicies' },
    ],
    [
      'AccessDenied on ListLinks: unknown, naming oam:ListLinks',
      withLogGroup(healthySnapshot(), { links: denied('oam:ListLinks', ACCOUNT) }),
      { verdict: 'unknown', missingPermission: 'oam:ListLinks' },
    ],
    [
      'subscriptions could not be read, but a policy is open',
      withLogGroup(withPolicy(), {
        subscriptionFilters: failed('logs:DescribeSubscriptionFilters', ACCOUNT),
        resourcePolicies: [policy()],
      }),
      { verdict: 'fail' },
    ],
    ['a policy that is none', withPolicy({ Effect: 'Perhaps' }), { verdict: 'unknown' }],
  ])('%s', (_, snapshot, expected) => {
    expect(findingOf(check, snapshot)).toMatchObject(expected);
  });

  it('takes accounts that watch the estate from outside', () => {
    const settings = { monitoring_accounts: [STRANGER] };
    expect(findingOf(check, sendingTo(destination(STRANGER)), { settings }).verdict).toBe('pass');
    expect(findingOf(check, withLinks(link(STRANGER)), { settings }).verdict).toBe('pass');
  });

  it('guides, and never deletes a resource policy that other services of the account need', () => {
    const snapshot = withLogGroup(healthySnapshot(), {
      resourcePolicies: [policy()],
      subscriptionFilters: [{ filterName: 'siem', destinationArn: destination(STRANGER) }],
      links: [link(STRANGER)],
    });
    expect(findingOf(check, snapshot)).toMatchObject({ fix: 'manual', reason: expect.stringContaining('and 2 more') });
    const fix = fixOf(check, snapshot);
    expect(fix).toMatchObject({
      kind: 'manual',
      steps: [
        { text: expect.stringContaining('Ask the owner') },
        {
          text: expect.stringContaining('Keep its other statements'),
          command: expect.stringContaining('describe-res'),
        },
        {
          command: expect.stringContaining('delete-subscription-filter --log-group-name cloudtrail --filter-name siem'),
        },
        { command: expect.stringContaining('aws oam delete-link --identifier arn:aws:oam:') },
      ],
    });
    expect(JSON.stringify(fix)).not.toContain('delete-resource-policy');
  });
});
