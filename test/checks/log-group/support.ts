import { expect, it } from 'vitest';
import type { Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  emptySnapshot,
  healthySnapshot,
  LOG_GROUP_ARN,
  MANAGEMENT,
  REGION,
  withKey,
  withLogGroup,
  withOrganization,
  withPart,
  withRole,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf } from '../bucket/support.ts';

type Tested = Parameters<typeof findingOf>[0];

export const ORGANIZATION_GROUP = `arn:aws:logs:${REGION}:${MANAGEMENT}:log-group:organization`;
const ORGANIZATION_TRAIL = `arn:aws:cloudtrail:${REGION}:${MANAGEMENT}:trail/org`;

/** A member in scope; the organization trail, its log group and its role belong to the management account. */
export function organizationGroup(): Snapshot {
  const accounts = withOrganization(emptySnapshot({ accounts: [ACCOUNT, { id: MANAGEMENT, inScope: false }] }));
  const trail = withTrail(accounts, {
    name: 'org',
    owner: MANAGEMENT,
    IsOrganizationTrail: true,
    CloudWatchLogsLogGroupArn: `${ORGANIZATION_GROUP}:*`,
  });
  const role = withRole(trail, {
    account: MANAGEMENT,
    inline: { deliver: twoActions(`${MANAGEMENT}_CloudTrail_${REGION}*`, 'o-acme123456_*') },
  });
  return withKey(withLogGroup(role, { arn: ORGANIZATION_GROUP }));
}

/** The two actions on streams of the group of the organization. */
export function twoActions(...streams: string[]) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: streams.map((stream) => `${ORGANIZATION_GROUP}:log-stream:${stream}`),
      },
    ],
  };
}

/** What every check of log groups says alike. */
export function saysLikeAll(check: Tested): void {
  it('Trail without a log group: not-applicable, trail/cloudwatch-logs decides', () => {
    expect(findingsOf(check, withTrail(emptySnapshot(), { CloudWatchLogsLogGroupArn: undefined }))).toEqual([]);
  });

  it('Organization trail seen from a member: verdict inherited from the owner, with the trail ARN as evidence; no fix offered in the member', () => {
    const findings = findingsOf(check, organizationGroup());
    expect(findings).toMatchObject([
      { account: MANAGEMENT, resource: ORGANIZATION_GROUP, evidence: { trails: [ORGANIZATION_TRAIL] } },
    ]);
  });
}

/** What the checks say alike that look at the group itself. */
export function readsTheGroup(check: Tested): void {
  it('passes', () => {
    expect(findingOf(check, healthySnapshot())).toMatchObject({ verdict: 'pass', resource: LOG_GROUP_ARN });
  });

  it('Log group named by the trail does not exist: not-applicable, trail/cloudwatch-delivery-healthy fails', () => {
    const snapshot = withPart(healthySnapshot(), 'logGroup', LOG_GROUP_ARN, absent('ResourceNotFoundException'));
    const expected = { verdict: 'not-applicable', cause: 'trail/cloudwatch-delivery-healthy' };
    expect(findingOf(check, snapshot)).toMatchObject(expected);
  });

  it('AccessDenied on DescribeLogGroups: unknown, naming logs:DescribeLogGroups', () => {
    const refused = denied('logs:DescribeLogGroups', ACCOUNT);
    const finding = findingOf(check, withPart(healthySnapshot(), 'logGroup', LOG_GROUP_ARN, refused));
    expect(finding).toMatchObject({ verdict: 'unknown', missingPermission: 'logs:DescribeLogGroups' });
  });
}
