import { DEMO_WEB_KEY } from '../../../src/sandbox/aws/estates/demo.ts';
import { allow, DEMO_ACCOUNTS, policy } from '../../../src/sandbox/aws/index.ts';
import { regionOf } from '../../../src/sandbox/aws/region.ts';
import type { Estate, LogGroup, Role } from '../../../src/sandbox/aws/types.ts';
import { accountIn, addStatement, keyIn } from '../estate.ts';
import type { FixCase } from '../prove.ts';

const { web } = DEMO_ACCOUNTS;
const BROAD = 'arn:aws:iam::aws:policy/PowerUserAccess';

/** The log group of web's trail. */
function webGroup(estate: Estate): LogGroup {
  const [group] = regionOf(accountIn(estate, web), 'us-east-1').logGroups.values();
  if (group === undefined) throw new Error('web has no log group');
  return group;
}

function webRole(estate: Estate): Role {
  const role = accountIn(estate, web).roles.get('CloudTrailToCloudWatchLogs');
  if (role === undefined) throw new Error('web has no role to deliver with');
  return role;
}

export const LOG_GROUP_CASES: FixCase[] = [
  {
    check: 'log-group/retention',
    target: web,
    resource: 'log-group:',
    change: (estate) => {
      webGroup(estate).retentionInDays = 30;
    },
    makes: ['PutRetentionPolicy'],
    takesBack: ['PutRetentionPolicy'],
    drift: (estate) => {
      webGroup(estate).retentionInDays = 60;
      return undefined;
    },
  },
  {
    check: 'log-group/encryption',
    target: web,
    resource: 'log-group:',
    file: { keys: { 'us-east-1': DEMO_WEB_KEY } },
    makes: ['PutKeyPolicy', 'AssociateKmsKey'],
    takesBack: ['DisassociateKmsKey', 'PutKeyPolicy'],
    fails: { at: 'AssociateKmsKey', takesBack: ['PutKeyPolicy'] },
    drift: (estate) => {
      addStatement(keyIn(estate, DEMO_WEB_KEY).policy, { Effect: 'Allow', Action: 'kms:DescribeKey' });
      return undefined;
    },
  },
  {
    check: 'log-group/deletion-protection',
    target: web,
    resource: 'log-group:',
    makes: ['PutLogGroupDeletionProtection'],
    takesBack: ['PutLogGroupDeletionProtection'],
    drift: (estate) => {
      webGroup(estate).deletionProtection = true;
      return () => {
        webGroup(estate).deletionProtection = false;
      };
    },
  },
  {
    check: 'log-group/delivery-role',
    target: web,
    resource: 'log-group:',
    change: (estate) => {
      const role = webRole(estate);
      role.attached.add(BROAD);
      role.inline = new Map([
        ['delivery', policy(allow('logs:*', '*'))],
        ['more', policy(allow('s3:GetObject', '*'))],
      ]);
    },
    makes: ['PutRolePolicy', 'DeleteRolePolicy', 'DetachRolePolicy'],
    takesBack: ['AttachRolePolicy', 'PutRolePolicy', 'PutRolePolicy'],
    drift: (estate) => {
      webRole(estate).inline.set('added', policy(allow('sqs:SendMessage', '*')));
      webRole(estate).inline.delete('more');
      return undefined;
    },
  },
  {
    title: 'whose trust leaves CloudTrail out',
    check: 'log-group/delivery-role',
    target: web,
    resource: 'log-group:',
    change: (estate) => {
      webRole(estate).trust = policy();
    },
    makes: ['UpdateAssumeRolePolicy'],
    takesBack: ['UpdateAssumeRolePolicy'],
    drift: (estate) => {
      const role = webRole(estate);
      const Principal = { Service: 'cloudtrail.amazonaws.com' };
      role.trust = policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' });
      return () => {
        role.trust = policy();
      };
    },
  },
];
