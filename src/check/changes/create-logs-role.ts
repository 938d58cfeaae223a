import type { Change, Undo } from '../plan.ts';
import type { Place } from './create-log-group.ts';

/** The only path below which the fixer may make roles. */
const ROLE_PATH = '/trail-check/';
const POLICY_NAME = 'deliver-to-log-group';

/**
 * The role CloudTrail writes to a log group with. No condition goes into its trust: delivery has stopped because of
 * one. Streams are named `<account>_CloudTrail_<region>`, and begin with the organization's id for its members.
 * `boundary` is the policy (name or path/name) that bounds the role; the fixer may ask for one.
 */
export function createLogsRole(
  { partition, account, region }: Place,
  name: string,
  stream: { logGroup: string; organization?: string },
  boundary?: string,
): { arn: string; changes: Change[] } {
  const arn = `arn:${partition}:iam::${account}:role${ROLE_PATH}${name}`;
  const streams = [
    `${account}_CloudTrail_${region}*`,
    ...(stream.organization === undefined ? [] : [`${stream.organization}_*`]),
  ];
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'DeliverToLogGroup',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: streams.map(
          (pattern) => `arn:${partition}:logs:${region}:${account}:log-group:${stream.logGroup}:log-stream:${pattern}`,
        ),
      },
    ],
  };
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  const PolicyDocument = JSON.stringify(policy);
  const call = { account, region: '', resource: arn } as const;
  const target = `iam.role:${account}/${name}` as const;
  const undo = (operation: string, input: Undo['input'], summary: string): Undo => ({
    ...call,
    operation,
    input,
    summary,
    automatic: true,
  });
  return {
    arn,
    changes: [
      {
        ...call,
        operation: 'iam:CreateRole',
        input: {
          RoleName: name,
          Path: ROLE_PATH,
          AssumeRolePolicyDocument: JSON.stringify(trust),
          ...(boundary === undefined
            ? {}
            : { PermissionsBoundary: `arn:${partition}:iam::${account}:policy/${boundary}` }),
        },
        summary: `Create the role ${name} for CloudTrail.`,
        target,
        expect: null,
        result: { RoleName: name },
        undo: undo('iam:DeleteRole', { RoleName: name }, `Delete the role ${name}.`),
      },
      {
        ...call,
        operation: 'iam:PutRolePolicy',
        input: { RoleName: name, PolicyName: POLICY_NAME, PolicyDocument },
        summary: 'Let the role write to this log group and nothing else.',
        target,
        expect: { inline: {} },
        result: { inline: { [POLICY_NAME]: PolicyDocument } },
        undo: undo('iam:DeleteRolePolicy', { RoleName: name, PolicyName: POLICY_NAME }, 'Take that permission away.'),
      },
    ],
  };
}
