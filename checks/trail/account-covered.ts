import { z } from 'zod';
import { newBucket } from '../../src/check/changes/create-bucket.ts';
import { createTrail } from '../../src/check/changes/create-trail.ts';
import { addToBucketPolicy } from '../../src/check/changes/put-policy.ts';
import { startLogging } from '../../src/check/changes/start-logging.ts';
import { defineCheck, type Judgement, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { anyCoveringTrail, COVERAGE_NEEDS, coverageOf } from '../../src/check/coverage.ts';
import { bucketDeliveryStatements } from '../../src/check/evaluators/policy/statements.ts';
import { STORE_NEEDS } from '../../src/check/event-data-store.ts';
import { managementOf } from '../../src/check/management.ts';
import { managementFault } from '../../src/check/store-coverage.ts';
import type { Snapshot } from '../../src/snapshot/types.ts';

/** In one region, shadows of multi-region trails counted. */
const MAX_TRAILS = 5;

const settings = z.strictObject({
  /** Whether an event data store that takes in management events is record enough. */
  accept_event_data_store: z.boolean().default(false),
  propagation_hours: z.int().min(0).default(24),
});

export default defineCheck({
  id: 'trail/account-covered',
  title: 'The account is covered by a trail that is logging',
  severity: 'critical',
  scope: 'account',
  rationale:
    'Event history forgets after 90 days and holds management events only; without a trail there is no lasting record.',
  pass: 'At least one trail that is logging records management events for this account: one of its own, or an organization trail of the organization it belongs to.',
  seed: ['aws'],
  needs: [...COVERAGE_NEEDS, ...STORE_NEEDS, 'organization.accounts', 'account.regions', 'bucket', 'bucket.policy'],
  events: ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging', 'PutEventSelectors'],
  controls: controlIds({
    security_hub: 'CloudTrail.3',
    'pci_4.0': `
      10.2.1.1 10.2.1.2 10.2.1.3 10.2.1.4 10.2.1.5 10.2.1.6 10.2.1.7 10.2.2 10.3.1 10.3.2 10.3.3 10.3.4 10.5.1
      10.6.3 A1.2.1`,
    nist_800_53_r5: `
      AC-2(4) AC-3(1) AC-3(10) AC-4(26) AC-6(9) AU-2 AU-3 AU-3(1) AU-6(3) AU-6(4) AU-6(6) AU-6(9) AU-8 AU-10 AU-12
      AU-12(1) AU-12(2) AU-12(3) AU-12(4) AU-14 AU-14(3) CA-7 CM-5(1) IA-3(3) MA-4(1) PM-14 PM-31 SC-7(9) SI-1(1)
      SI-3(8) SI-4(2) SI-4(17) SI-4(20) SI-7(8) SI-10(1)`,
    soc2: 'A1.2 CC7.2',
    aws_ssb: 'ACCT.07',
    config_rule: 'cloudtrail-enabled',
  }),
  settings,
  fix: {
    class: 'auto-second-approver',
    risk: 'cost',
    reversible: 'partly',
    cost: 'Storage and requests in S3; the first copy of management events is free, each further copy is billed per event.',
    operations: [
      's3:CreateBucket',
      's3:PutPublicAccessBlock',
      's3:PutBucketVersioning',
      's3:PutBucketPolicy',
      's3:DeleteBucketPolicy',
      'cloudtrail:CreateTrail',
      'cloudtrail:StartLogging',
      'cloudtrail:DeleteTrail',
    ],
  },

  evaluate({ snapshot, subject: { account }, settings }) {
    const accounts = partOf(snapshot['organization.accounts'], 'organization');
    const member = accounts.state === 'read' ? accounts.value[account] : undefined;
    if (member !== undefined && member.State !== 'ACTIVE') {
      return {
        verdict: 'not-applicable',
        evidence: { State: member.State },
        reason: `The account is ${member.State}.`,
      };
    }
    const judgement = anyCoveringTrail(
      snapshot,
      account,
      (covering) => {
        const management = managementOf(covering);
        const { selectors, trail } = covering;
        if (management === 'unknown' && selectors.state !== 'read' && selectors.state !== 'absent') {
          return { ok: 'unknown', because: unknownBecause(selectors, { trail: trail.TrailARN }) };
        }
        return { ok: management === 'some', evidence: { logging: true } };
      },
      (logging) => ({
        reason: 'The trails of this account record no management events.',
        evidence: { trails: logging.map(({ trail }) => trail.TrailARN) },
      }),
    );
    if (judgement.verdict !== 'fail') return judgement;
    if (settings.accept_event_data_store) {
      const stored = recordingStore(snapshot, account);
      if (stored !== undefined) return stored;
    }
    const { cause: _, ...failure } = judgement;
    const joined = member?.JoinedTimestamp;
    const hasOrganizationTrail = Object.values(snapshot.trail).some(
      (part) => part.state === 'read' && part.value.IsOrganizationTrail,
    );
    const young =
      joined !== undefined &&
      Date.parse(snapshot.takenAt) - Date.parse(joined) < settings.propagation_hours * 3_600_000;
    if (young && hasOrganizationTrail) {
      return {
        verdict: 'unknown',
        evidence: { joined },
        reason: 'The account joined lately; the organization trail may still be on its way.',
      };
    }
    return failure;
  },

  plan({ snapshot, subject: { account }, estate, finding }) {
    const organizationTrail = Object.values(snapshot.trail).find(
      (part) => part.state === 'read' && part.value.IsOrganizationTrail,
    );
    if (organizationTrail?.state === 'read') {
      return {
        kind: 'blocked',
        by: 'organization/trail',
        reason: `${organizationTrail.value.Name} could cover this account; a trail of its own would be billed twice and hide the gap.`,
      };
    }
    const coverage = coverageOf(snapshot, account);
    const own = coverage.state === 'read' ? coverage.value.trails.filter(({ inherited }) => !inherited) : [];
    const stopped = own.find(
      (it) => it.status.state === 'read' && !it.status.value.IsLogging && managementOf(it) === 'some',
    );
    if (stopped !== undefined) {
      const reason = `${stopped.trail.Name} only has to be started; a second trail would be one too many.`;
      return { kind: 'blocked', by: 'trail/logging', reason };
    }
    const { partition } = snapshot;
    const suffix = finding.id.slice(0, 8);
    const name = `trail-check-${suffix}`;
    const archive = estate.archive === undefined ? undefined : partOf(snapshot.bucket, estate.archive.bucket);
    const regions = partOf(snapshot['account.regions'], account);
    const region =
      archive?.state === 'read'
        ? archive.value.region
        : regions.state === 'read'
          ? ([...regions.value].sort().find((it) => it === 'us-east-1') ?? regions.value[0])
          : undefined;
    if (region === undefined || (archive !== undefined && archive.state !== 'read')) {
      return {
        kind: 'blocked',
        by: 'bucket/exists',
        reason: 'The archive bucket or the regions of the account could not be read.',
      };
    }
    const there = own.filter(({ trail }) => trail.IsMultiRegionTrail || trail.HomeRegion === region);
    if (there.length >= MAX_TRAILS) {
      const reason = `${region} has ${MAX_TRAILS} trails, as many as CloudTrail takes. Delete one that is not used.`;
      return { kind: 'blocked', by: 'trail/account-covered', reason };
    }
    const bucketName = estate.archive?.bucket ?? `${name}-${account}`;
    const trail = {
      TrailARN: `arn:${partition}:cloudtrail:${region}:${account}:trail/${name}`,
      Name: name,
      HomeRegion: region,
      owner: account,
      S3BucketName: bucketName,
    };
    const statements = bucketDeliveryStatements({
      partition,
      bucket: bucketName,
      prefix: undefined,
      trailArn: trail.TrailARN,
      accountId: account,
    });
    if (archive?.state === 'read') {
      const { owner } = archive.value;
      if (owner === undefined)
        return { kind: 'blocked', by: 'bucket/exists', reason: 'The owner of the archive bucket is out of reach.' };
      const edit = addToBucketPolicy(
        { ...archive.value, owner },
        partition,
        partOf(snapshot['bucket.policy'], bucketName),
        statements,
        {
          summary: `Let the new trail deliver to ${bucketName}; every statement of its policy stays.`,
          undo: 'Put the saved bucket policy back.',
        },
      );
      if ('problem' in edit) return { kind: 'blocked', by: 'bucket/delivery-policy', reason: edit.problem };
      const policy = edit.change === undefined ? [] : [edit.change];
      return {
        kind: 'changes',
        plan: {
          summary: `Create a trail for account ${account} that delivers to ${bucketName}.`,
          changes: [...policy, createTrail(trail), startLogging(trail)],
          watchDelivery: [trail.TrailARN],
        },
      };
    }
    const bucket = { Name: bucketName, region, owner: account, everyAccountListed: false };
    return {
      kind: 'changes',
      plan: {
        summary: `Create a bucket and a trail for account ${account}.`,
        changes: [...newBucket(bucket, partition, statements), createTrail(trail), startLogging(trail)],
        warnings: ['No archive bucket is declared, so the logs stay in the account they tell of.'],
        guards: ['After: the trail is logging and no delivery error shows.'],
        watchDelivery: [trail.TrailARN],
      },
    };
  },
});

/** An enabled event data store of the account that takes in all management events, or what keeps it from being found. */
function recordingStore(
  snapshot: Pick<Snapshot, (typeof STORE_NEEDS)[number]>,
  account: string,
): Judgement | undefined {
  const places = Object.entries(snapshot['account.eventDataStores']);
  const listings = places.flatMap(([place, part]) => (place.startsWith(`${account}/`) ? [part] : []));
  const stores = listings.flatMap((part) =>
    part.state === 'read' ? part.value.map((arn) => ({ arn, part: partOf(snapshot.eventDataStore, arn) })) : [],
  );
  for (const { arn, part } of stores) {
    if (part.state === 'read' && part.value.Status === 'ENABLED' && managementFault(part.value) === undefined) {
      return { verdict: 'pass', evidence: { eventDataStore: arn } };
    }
  }
  for (const part of [...listings, ...stores.map(({ part }) => part)]) {
    if (part.state !== 'read' && part.state !== 'absent' && part.state !== 'unsupported') return unknownBecause(part);
  }
  return undefined;
}
