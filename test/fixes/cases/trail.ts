import { DEMO_ACCOUNTS, DEMO_ARCHIVE_KEY, DEMO_TRAILS } from '../../../src/sandbox/aws/index.ts';
import { addStatement, keyIn, removeTrail, trailIn } from '../estate.ts';
import type { FixCase } from '../prove.ts';

const { organization, web, legacy } = DEMO_TRAILS;

export const TRAIL_CASES: FixCase[] = [
  {
    check: 'trail/log-file-validation',
    target: DEMO_ACCOUNTS.management,
    resource: organization,
    makes: ['UpdateTrail'],
    takesBack: ['UpdateTrail'],
    drift: (estate) => {
      trailIn(estate, organization).validation = true;
      return () => {
        trailIn(estate, organization).validation = false;
      };
    },
  },
  {
    check: 'trail/kms-encryption',
    target: DEMO_ACCOUNTS.management,
    resource: organization,
    file: { keys: { 'us-east-1': DEMO_ARCHIVE_KEY } },
    makes: ['PutKeyPolicy', 'UpdateTrail'],
    takesBack: ['UpdateTrail', 'PutKeyPolicy'],
    fails: { at: 'UpdateTrail', takesBack: ['PutKeyPolicy'] },
    drift: (estate) => {
      addStatement(keyIn(estate, DEMO_ARCHIVE_KEY).policy, { Action: 'kms:Decrypt' });
      return undefined;
    },
  },
  {
    check: 'trail/cloudwatch-logs',
    target: DEMO_ACCOUNTS.management,
    resource: organization,
    makes: ['CreateLogGroup', 'PutRetentionPolicy', 'CreateRole', 'PutRolePolicy', 'UpdateTrail'],
    takesBack: ['UpdateTrail', 'DeleteRolePolicy', 'DeleteRole'],
    fails: { at: 'UpdateTrail', takesBack: ['DeleteRolePolicy', 'DeleteRole'], stays: true },
    drift: (estate) => {
      const trail = trailIn(estate, organization);
      trail.logGroupArn = `arn:aws:logs:us-east-1:${DEMO_ACCOUNTS.management}:log-group:other:*`;
      trail.logRoleArn = `arn:aws:iam::${DEMO_ACCOUNTS.management}:role/other`;
      return () => {
        trail.logGroupArn = undefined;
        trail.logRoleArn = undefined;
      };
    },
  },
  {
    check: 'trail/multi-region',
    target: DEMO_ACCOUNTS.web,
    resource: DEMO_ACCOUNTS.web,
    change: (estate) => {
      removeTrail(estate, organization);
      trailIn(estate, web).multiRegion = false;
    },
    makes: ['UpdateTrail'],
    takesBack: ['UpdateTrail'],
    drift: (estate) => {
      trailIn(estate, web).multiRegion = true;
      return () => {
        trailIn(estate, web).multiRegion = false;
      };
    },
  },
  {
    check: 'trail/logging',
    target: DEMO_ACCOUNTS.data,
    resource: legacy,
    makes: ['StartLogging'],
    takesBack: [],
    drift: (estate) => {
      trailIn(estate, legacy).logging = true;
      return () => {
        trailIn(estate, legacy).logging = false;
      };
    },
  },
];
