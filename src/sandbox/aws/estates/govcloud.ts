/**
 * An organization in AWS GovCloud (US). Its trail works and little more: no digests, no key, no log group, nothing that
 * keeps the log files, so that there is much to mend, all of it in this partition and its two regions.
 *
 * | account                 | story                                                          |
 * |-------------------------|----------------------------------------------------------------|
 * | 740000000001 management | owns the organization trail, homed in us-gov-west-1            |
 * | 740000000002 logs       | owns the log bucket and the key that trails are meant to use   |
 * | 740000000003 mission    | a workload account                                             |
 */
import {
  addAccount,
  addOrganization,
  bucket,
  deliveryStatements,
  emptyEstate,
  key,
  policy,
  serviceLinkedRole,
  trail,
} from '../builders.ts';
import { addHub, botRoles, type SimulatedEstate } from './access.ts';
import { accessLogs } from './statements.ts';

export const GOVCLOUD_ACCOUNTS = { management: '740000000001', logs: '740000000002', mission: '740000000003' };
export const GOVCLOUD_ORGANIZATION = 'o-gov0mission';
const { management: MANAGEMENT, logs: LOGS } = GOVCLOUD_ACCOUNTS;
export const GOVCLOUD_REGION = 'us-gov-west-1';
export const GOVCLOUD_TRAIL = `arn:aws-us-gov:cloudtrail:${GOVCLOUD_REGION}:${MANAGEMENT}:trail/gov-org-trail`;
export const GOVCLOUD_BUCKET = 'gov-cloudtrail-logs';
const ACCESS_LOGS = 'gov-access-logs';
export const GOVCLOUD_KEY = `arn:aws-us-gov:kms:${GOVCLOUD_REGION}:${LOGS}:key/90f00000-2222-4222-8222-222222222222`;

export function govcloudEstate(now?: () => Date): SimulatedEstate {
  const estate = emptyEstate(now, 'aws-us-gov');
  addOrganization(estate, { id: GOVCLOUD_ORGANIZATION, managementAccountId: MANAGEMENT });
  const management = addAccount(estate, { id: MANAGEMENT, name: 'gov-management', unit: 'Root' });
  const logs = addAccount(estate, { id: LOGS, name: 'gov-logs', unit: 'Root' });
  const mission = addAccount(estate, { id: GOVCLOUD_ACCOUNTS.mission, name: 'gov-mission', unit: 'Root' });
  for (const account of [management, logs, mission]) {
    serviceLinkedRole(account, 'cloudtrail.amazonaws.com', 'AWSServiceRoleForCloudTrail');
  }
  trail(estate, management, {
    name: 'gov-org-trail',
    homeRegion: GOVCLOUD_REGION,
    bucket: GOVCLOUD_BUCKET,
    organization: true,
    validation: false,
  });
  const arn = `arn:aws-us-gov:s3:::${GOVCLOUD_BUCKET}`;
  bucket(estate, logs, GOVCLOUD_BUCKET, {
    region: GOVCLOUD_REGION,
    policy: policy(
      ...deliveryStatements(
        GOVCLOUD_BUCKET,
        GOVCLOUD_TRAIL,
        [MANAGEMENT, GOVCLOUD_ORGANIZATION].map((owner) => `AWSLogs/${owner}/*`),
      ),
    ),
  });
  bucket(estate, logs, ACCESS_LOGS, {
    region: GOVCLOUD_REGION,
    policy: policy(accessLogs(`arn:aws-us-gov:s3:::${ACCESS_LOGS}`, arn, LOGS)),
  });
  key(estate, logs, GOVCLOUD_REGION, GOVCLOUD_KEY.split('/')[1] ?? '');
  return {
    estate,
    hub: addHub(estate, logs),
    configuration: {
      aws: { ...botRoles(GOVCLOUD_REGION), organization: { account: MANAGEMENT } },
      archive: { bucket: GOVCLOUD_BUCKET, account: LOGS },
      keys: { [GOVCLOUD_REGION]: GOVCLOUD_KEY },
      checks: {
        'bucket/access-logging': { target_by_region: { [GOVCLOUD_REGION]: ACCESS_LOGS } },
      },
      environments: { estate: { accounts: Object.values(GOVCLOUD_ACCOUNTS) } },
    },
  };
}
