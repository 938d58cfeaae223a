/** What every account of the demo estate shares: the archive with its buckets and key, and the organization trail. */
import {
  bucket,
  configDeliveryStatements,
  deliveryChannel,
  deliveryStatements,
  key,
  keyAlias,
  policy,
  recorder,
  securityHub,
  trail,
} from '../builders.ts';
import type { Account, Estate, Json } from '../types.ts';
import { DEMO_ACCOUNTS, DEMO_ARCHIVE_KEY, DEMO_BUCKETS, DEMO_ORGANIZATION, DEMO_TRAILS, idOf } from './demo-names.ts';

/** One bucket for all trails: private and rightly addressed, but unwatched, undecided on age, and open to a vendor. */
export function addArchive(estate: Estate, archive: Account): void {
  const { archive: logs, accessLogs } = DEMO_BUCKETS;
  bucket(estate, archive, logs, {
    versioning: 'Enabled',
    policy: policy(
      ...deliveryStatements(logs, DEMO_TRAILS.organization, [
        `AWSLogs/${DEMO_ACCOUNTS.management}/*`,
        `AWSLogs/${DEMO_ORGANIZATION}/*`,
      ]),
      ...deliveryStatements(logs, DEMO_TRAILS.web, [`web/AWSLogs/${DEMO_ACCOUNTS.web}/*`], 'Web'),
      {
        Sid: 'VendorBackup',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::777777777777:role/acme-backup' },
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: `arn:aws:s3:::${logs}/*`,
      },
    ),
    tags: { purpose: 'audit', contact: '<@U00000000> 🔥' },
  });
  bucket(estate, archive, accessLogs, {
    policy: policy({
      Sid: 'S3AccessLogs',
      Effect: 'Allow',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${accessLogs}/*`,
      Condition: { StringEquals: { 'aws:SourceAccount': archive.id } },
    }),
    lifecycle: [expiry('access-logs', 400)],
  });
  key(estate, archive, 'us-east-1', idOf(DEMO_ARCHIVE_KEY));
  keyAlias(archive, 'us-east-1', 'acme-audit-logs', idOf(DEMO_ARCHIVE_KEY));
}

/** AWS Config records every region of these accounts into one bucket of the archive, and Security Hub is on at home. */
export function addWatch(estate: Estate, archive: Account, watched: readonly Account[]): void {
  const history = bucket(estate, archive, DEMO_BUCKETS.config);
  const ids = watched.map(({ id }) => id);
  history.policy = policy(...configDeliveryStatements(history, ids));
  for (const account of watched) {
    for (const region of account.enabledRegions) {
      recorder(account, region);
      deliveryChannel(account, region, history.name);
    }
    securityHub(estate, account, 'us-east-1');
  }
}

export function addOrganizationTrail(estate: Estate, management: Account): void {
  trail(estate, management, {
    name: 'acme-org-trail',
    bucket: DEMO_BUCKETS.archive,
    organization: true,
    validation: false,
    eventSelectors: [
      {
        ReadWriteType: 'WriteOnly',
        IncludeManagementEvents: true,
        DataResources: [],
        ExcludeManagementEventSources: [],
      },
    ],
    tags: { owner: 'platform' },
  });
}

/** A rule by which every version is deleted after so many days. */
export function expiry(id: string, days: number): { [member: string]: Json } {
  return {
    ID: id,
    Status: 'Enabled',
    Filter: { Prefix: '' },
    Expiration: { Days: days },
    NoncurrentVersionExpiration: { NoncurrentDays: days },
  };
}
