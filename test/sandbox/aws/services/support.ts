/** An organization of management, archive and one member with an organization trail that delivers, served over HTTP. */
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { S3Client } from '@aws-sdk/client-s3';
import {
  accessKey,
  addAccount,
  addOrganization,
  bucket,
  deliveryStatements,
  emptyEstate,
  policy,
  trail,
  user,
} from '../../../../src/sandbox/aws/builders.ts';
import type { Account, Credential, PolicyDocument } from '../../../../src/sandbox/aws/types.ts';
import { clientConfig, serve } from '../core/support.ts';

export const MANAGEMENT = '111111111111';
export const ARCHIVE = '222222222222';
export const MEMBER = '333333333333';
export const ORGANIZATION = 'o-testorg123';
export const ARCHIVE_BUCKET = 'org-trail-archive';
export const ORG_TRAIL = `arn:aws:cloudtrail:us-east-1:${MANAGEMENT}:trail/org-trail`;

export async function organization() {
  const estate = emptyEstate();
  addOrganization(estate, { id: ORGANIZATION, managementAccountId: MANAGEMENT });
  const management = addAccount(estate, { id: MANAGEMENT, name: 'management', unit: 'Root' });
  const archive = addAccount(estate, { id: ARCHIVE, name: 'archive', unit: 'Root' });
  const member = addAccount(estate, { id: MEMBER, name: 'web', unit: 'Root' });
  const logs = bucket(estate, archive, ARCHIVE_BUCKET, {
    policy: policy(
      ...deliveryStatements(ARCHIVE_BUCKET, ORG_TRAIL, [`AWSLogs/${MANAGEMENT}/*`, `AWSLogs/${ORGANIZATION}/*`]),
    ),
  });
  const orgTrail = trail(estate, management, { name: 'org-trail', bucket: logs.name, organization: true });
  const aws = await serve(estate);

  /** Client configuration of an administrator of the account, or of a user with just this policy. */
  const as = (account: Account, region = 'us-east-1', only?: PolicyDocument) => {
    const name = only ? 'limited' : 'admin';
    const holder = only
      ? user(account, name, { inline: { only } })
      : user(account, name, { attached: ['arn:aws:iam::aws:policy/AdministratorAccess'] });
    const key: Credential = accessKey(estate, account, holder);
    return clientConfig(aws, key, region);
  };
  return {
    estate,
    management,
    archive,
    member,
    logs,
    orgTrail,
    as,
    trails: (account: Account, region?: string, only?: PolicyDocument) =>
      new CloudTrailClient(as(account, region, only)),
    s3: (account: Account, region?: string, only?: PolicyDocument) => new S3Client(as(account, region, only)),
  };
}

/** A bucket of the account that its trail `name` may deliver to. */
export function ownBucket(estate: Parameters<typeof bucket>[0], account: Account, trailName: string) {
  const name = `${account.name}-logs`;
  const arn = `arn:aws:cloudtrail:us-east-1:${account.id}:trail/${trailName}`;
  return bucket(estate, account, name, {
    policy: policy(...deliveryStatements(name, arn, [`AWSLogs/${account.id}/*`])),
  });
}

/** The organization, and an S3 client of the account that owns the archive bucket. */
export async function archiveClient() {
  const parts = await organization();
  return { ...parts, client: parts.s3(parts.archive) };
}
