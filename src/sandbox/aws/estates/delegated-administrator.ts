/**
 * An organization whose trail was made by its delegated administrator. CloudTrail gave it the ARN of the management
 * account, which the bot may not enter; its log group lies with the delegated administrator, who tells of the trail.
 * Nobody made alarms, and neither Config nor Security Hub is on.
 *
 * | account                 | story                                                             |
 * |-------------------------|-------------------------------------------------------------------|
 * | 760000000001 management | owns the trail by its ARN; has no roles of the bot                |
 * | 760000000002 security   | delegated administrator of CloudTrail: made the trail, has its log group |
 * | 760000000003 logs       | owns the log bucket and its key                                   |
 * | 760000000004 shop       | a workload account                                                |
 */
import {
  addAccount,
  addOrganization,
  bucket,
  delegatedAdministrator,
  deliveryStatements,
  emptyEstate,
  key,
  keyDelivery,
  logDelivery,
  logGroup,
  policy,
  serviceLinkedRole,
  trail,
} from '../builders.ts';
import { addHub, botRoles, type SimulatedEstate } from './access.ts';
import { encryptedWith, expiry, tlsOnly } from './statements.ts';

export const DELEGATED_ACCOUNTS = {
  management: '760000000001',
  security: '760000000002',
  logs: '760000000003',
  shop: '760000000004',
};
export const DELEGATED_ORGANIZATION = 'o-delegated01';
const { management: MANAGEMENT, security: SECURITY, logs: LOGS, shop: SHOP } = DELEGATED_ACCOUNTS;
export const DELEGATED_TRAIL = `arn:aws:cloudtrail:us-east-1:${MANAGEMENT}:trail/security-org-trail`;
export const DELEGATED_BUCKET = 'delegated-org-logs';
export const DELEGATED_KEY = `arn:aws:kms:us-east-1:${LOGS}:key/de100000-3333-4333-8333-333333333333`;

export function delegatedEstate(now?: () => Date): SimulatedEstate {
  const estate = emptyEstate(now);
  addOrganization(estate, { id: DELEGATED_ORGANIZATION, managementAccountId: MANAGEMENT });
  const management = addAccount(estate, { id: MANAGEMENT, name: 'management', unit: 'Root' });
  const security = addAccount(estate, { id: SECURITY, name: 'security', unit: 'Root' });
  const logs = addAccount(estate, { id: LOGS, name: 'log-archive', unit: 'Root' });
  const shop = addAccount(estate, { id: SHOP, name: 'shop', unit: 'Root' });
  for (const account of [management, security, logs, shop]) {
    serviceLinkedRole(account, 'cloudtrail.amazonaws.com', 'AWSServiceRoleForCloudTrail');
  }
  delegatedAdministrator(estate, security);
  const group = logGroup(estate, security, 'us-east-1', 'cloudtrail/organization');
  const owned = keyDelivery(logs, DELEGATED_TRAIL);
  key(estate, logs, 'us-east-1', DELEGATED_KEY.split('/')[1] ?? '', {
    // The encryption context names the owner of the trail, not of the key.
    policy: JSON.parse(JSON.stringify(owned).replaceAll(`cloudtrail:*:${LOGS}`, `cloudtrail:*:${MANAGEMENT}`)),
  });
  trail(estate, management, {
    name: 'security-org-trail',
    bucket: DELEGATED_BUCKET,
    organization: true,
    kmsKeyId: DELEGATED_KEY,
    ...logDelivery(security, group),
  });
  const arn = `arn:aws:s3:::${DELEGATED_BUCKET}`;
  bucket(estate, logs, DELEGATED_BUCKET, {
    versioning: 'Enabled',
    encryption: encryptedWith(DELEGATED_KEY),
    lifecycle: [expiry(400)],
    policy: policy(
      tlsOnly(arn),
      ...deliveryStatements(
        DELEGATED_BUCKET,
        DELEGATED_TRAIL,
        [MANAGEMENT, DELEGATED_ORGANIZATION].map((owner) => `AWSLogs/${owner}/*`),
      ),
    ),
  });
  return {
    estate,
    hub: addHub(estate, security, [management]),
    configuration: {
      aws: { ...botRoles('us-east-1'), organization: { account: SECURITY } },
      archive: { bucket: DELEGATED_BUCKET, account: LOGS },
      checks: { 'organization/delegated-admin': { expected_accounts: [SECURITY] } },
      environments: { estate: { accounts: [SECURITY, LOGS, SHOP] } },
    },
  };
}
