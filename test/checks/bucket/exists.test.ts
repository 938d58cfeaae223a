import { describe, expect, it } from 'vitest';
import check from '../../../checks/bucket/exists.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ARCHIVE,
  absent,
  BUCKET,
  denied,
  healthySnapshot,
  MANAGEMENT,
  TRAIL_ARN,
  unreachable,
  withBucket,
  withOrganization,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf } from './support.ts';

const STRANGER = '999999999999';
const gone = withBucket(healthySnapshot(), { bucket: absent('NoSuchBucket') });
const stolen = withBucket(healthySnapshot(), { owner: undefined });
const owned = (owner: string, everyAccountListed = true) =>
  withBucket(healthySnapshot(), { owner, everyAccountListed });

describe('bucket/exists', () => {
  it.each<[string, Snapshot, JsonObject]>([
    ['owner is an account of the estate', healthySnapshot(), {}],
    [
      '301 with another region in the header: found, read in that region',
      withBucket(healthySnapshot(), { region: 'eu-central-1' }),
      {},
    ],
    ['Owner in external_owners: pass', owned(STRANGER), { external_owners: [STRANGER] }],
    [
      'owner is another account of the organization',
      withOrganization(owned(MANAGEMENT, false), { accounts: [{ Id: MANAGEMENT }] }),
      {},
    ],
  ])('passes: %s', (_, snapshot, settings) => {
    expect(findingOf(check, snapshot, { settings }).verdict).toBe('pass');
  });

  it.each<[string, Snapshot, RegExp]>([
    ['NoSuchBucket: fail, the name can be claimed', gone, /claims its name/],
    [
      '403 and no account of the estate owns it, all accounts having been listed: fail, somebody else holds the name',
      stolen,
      /somebody else holds the name/,
    ],
    ['Deleted and made again by another account, delivery still without error: fail', owned(STRANGER), /999999999999/],
    [
      'Named by stopped trails too: judged all the same',
      withTrail(gone, { status: { IsLogging: false } }),
      /does not exist/,
    ],
  ])('fails: %s', (_, snapshot, reason) => {
    const finding = findingOf(check, snapshot);
    expect(finding).toMatchObject({ verdict: 'fail', severity: 'critical', fix: 'manual' });
    expect(finding.reason).toMatch(reason);
  });

  it.each<[string, Snapshot, string | undefined]>([
    [
      '403 and at least one account could not be listed: unknown',
      withBucket(healthySnapshot(), { bucket: unreachable(ARCHIVE) }),
      'sts:AssumeRole',
    ],
    [
      'not every account was asked',
      withBucket(healthySnapshot(), { owner: undefined, everyAccountListed: false }),
      undefined,
    ],
    [
      'AccessDenied on HeadBucket: unknown, naming s3:ListBucket',
      withBucket(healthySnapshot(), { bucket: denied('s3:ListBucket', ARCHIVE) }),
      's3:ListBucket',
    ],
  ])('is unknown: %s', (_, snapshot, missingPermission) => {
    const finding = findingOf(check, snapshot);
    expect(finding.verdict).toBe('unknown');
    expect(finding.missingPermission).toBe(missingPermission);
  });

  it("cannot tell a declared owner's bucket from a stranger's by a refusal", () => {
    expect(findingOf(check, stolen, { settings: { external_owners: [STRANGER] } }).verdict).toBe('unknown');
  });

  it('Bucket shared by several trails and accounts: one finding, listing all of them', () => {
    const shared = withTrail(gone, { name: 'other', owner: MANAGEMENT });
    expect(findingsOf(check, shared)).toMatchObject([
      { evidence: { bucket: BUCKET, trails: [TRAIL_ARN, expect.stringContaining('trail/other')] } },
    ]);
  });

  it('guides: never a button that makes the bucket anew in the workload account', () => {
    const given = { estate: { archive: { bucket: 'acme-archive', account: ARCHIVE } } };
    const proposal = fixOf(check, gone, given);
    expect(proposal.kind).toBe('manual');
    expect(JSON.stringify(proposal)).toContain(ARCHIVE);
    expect(JSON.stringify(fixOf(check, stolen, given))).not.toContain('create-bucket');
  });
});
