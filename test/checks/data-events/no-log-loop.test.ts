import { describe, expect, it } from 'vitest';
import check from '../../../checks/data-events/no-log-loop.ts';
import s3Write from '../../../checks/data-events/s3-write.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  ARCHIVE,
  absent,
  BUCKET,
  denied,
  emptySnapshot,
  healthySnapshot,
  MANAGEMENT,
  withBucket,
  withOrganization,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, findingsOf, fixOf, onlyChange, planOf } from '../bucket/support.ts';
import { accountWith, basic, memberUnder, ORGANIZATION_TRAIL } from '../trail/support.ts';
import { type Case, choosing, data, management, resources, selecting, unread } from './support.ts';

const logs = `arn:aws:s3:::${BUCKET}/`;
const own = (snapshot: Snapshot) => withBucket(snapshot, { owner: ACCOUNT });
const object = (more?: Parameters<typeof data>[1]) => data('AWS::S3::Object', more);
const all = resources('AWS::S3::Object', ['arn:aws:s3']);

/** A member that owns the log bucket, under an organization trail that records everything. */
function organizationLoop(): Snapshot {
  const accounts = emptySnapshot({ accounts: [ARCHIVE, MANAGEMENT] });
  const trail = { name: 'org', owner: MANAGEMENT, IsOrganizationTrail: true, selectors: { EventSelectors: [all] } };
  return withBucket(withTrail(withOrganization(accounts), trail));
}

const cases: Case[] = [
  ['the log bucket left out', () => own(accountWith({})), 'pass'],
  [
    'All buckets recorded, log bucket not left out: fail',
    () => own(choosing(management, object())),
    'fail',
    { fix: 'auto-second-approver' },
  ],
  [
    'Basic selectors, which cannot leave out a bucket: fail, the fix rewrites them as advanced ones',
    () => own(selecting(all)),
    'fail',
    { fix: 'auto-second-approver' },
  ],
  ['only another bucket recorded', () => own(selecting(resources('AWS::S3::Object', ['arn:aws:s3:::data/']))), 'pass'],
  [
    'another folder of the log bucket recorded',
    () => own(selecting(resources('AWS::S3::Object', [`${logs}reports/`]))),
    'pass',
  ],
  [
    'a folder below the prefix of the trail',
    () =>
      own(
        accountWith({
          S3KeyPrefix: 'audit',
          selectors: { EventSelectors: [resources('AWS::S3::Object', [`${logs}audit/`])] },
        }),
      ),
    'fail',
  ],
  [
    'the log bucket of another account is recorded there',
    () => withBucket(withTrail(healthySnapshot(), { selectors: { EventSelectors: [all] } })),
    'pass',
  ],
  ['Only reads recorded: pass', () => own(choosing(object({ readOnly: { Equals: ['true'] } }))), 'pass'],
  [
    'reads recorded where they are not allowed',
    () => own(choosing(object({ readOnly: { Equals: ['true'] } }))),
    'fail',
    {},
    { allow_reads: false },
  ],
  [
    'Selector narrowed to eventNames of deletions: pass',
    () => own(choosing(object({ eventName: { Equals: ['DeleteObject', 'DeleteObjects'] } }))),
    'pass',
  ],
  [
    'only calls of one role',
    () => own(choosing(object({ 'userIdentity.arn': { Equals: ['arn:aws:iam::1:role/a'] } }))),
    'pass',
  ],
  [
    'calls of all but one role',
    () => own(choosing(object({ 'userIdentity.arn': { NotEquals: ['arn:aws:iam::1:role/a'] } }))),
    'fail',
  ],
  [
    'Account with no trail at all: not-applicable here, trail/account-covered fails',
    () => emptySnapshot(),
    'not-applicable',
    { cause: 'trail/account-covered' },
  ],
  [
    'Trail configured in full but stopped: counts for nothing',
    () => own(accountWith({ status: { IsLogging: false }, selectors: { EventSelectors: [all] } })),
    'not-applicable',
  ],
  ['the log bucket does not exist', () => withPart(selecting(all), 'bucket', BUCKET, absent('NoSuchBucket')), 'pass'],
  [
    'the owner of the log bucket is not known',
    () => withPart(selecting(all), 'bucket', BUCKET, denied('s3:GetBucketLocation', ACCOUNT)),
    'unknown',
    { missingPermission: 's3:GetBucketLocation' },
  ],
  ...unread,
];

describe('data-events/no-log-loop', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}, settings = {}) => {
    expect(findingOf(check, snapshot(), { settings })).toMatchObject({ verdict, ...more });
  });

  it('Log bucket in another account, recorded by a trail of that account: fail there', () => {
    const accounts = emptySnapshot({ accounts: [ACCOUNT, ARCHIVE] });
    const here = withTrail(accounts);
    const there = withTrail(here, { name: 'archive', owner: ARCHIVE, selectors: { EventSelectors: [all] } });
    const verdicts = findingsOf(check, withBucket(there)).map(({ account, verdict }) => [account, verdict]);
    expect(verdicts).toEqual([
      [ACCOUNT, 'pass'],
      [ARCHIVE, 'fail'],
    ]);
  });

  it('fails for an organization trail at its owner too, who alone can mend it', () => {
    const [archive, management] = findingsOf(check, organizationLoop());
    expect(archive).toMatchObject({
      account: ARCHIVE,
      verdict: 'fail',
      inheritedFrom: ORGANIZATION_TRAIL,
      fix: 'none',
    });
    expect(management).toMatchObject({ account: MANAGEMENT, verdict: 'fail', fix: 'auto-second-approver' });
  });

  it('passes for a member that owns no log bucket', () => {
    expect(findingOf(check, withBucket(memberUnder({ selectors: { EventSelectors: [all] } })))).toMatchObject({
      verdict: 'pass',
    });
  });
});

describe('plan of data-events/no-log-loop', () => {
  it('leaves the log bucket out, keeps deletions there, and every other selector as it was read', () => {
    const plan = planOf(
      check,
      own(choosing(management, { ...object(), Name: 'objects' }, data('AWS::Lambda::Function'))),
    );
    expect(onlyChange(plan)).toMatchObject({
      operation: 'cloudtrail:PutEventSelectors',
      input: {
        AdvancedEventSelectors: [
          management,
          {
            Name: 'objects',
            FieldSelectors: [...object().FieldSelectors, { Field: 'resources.ARN', NotStartsWith: [logs] }],
          },
          {
            Name: 'objects: log buckets but deliveries',
            FieldSelectors: [
              ...object().FieldSelectors,
              { Field: 'resources.ARN', StartsWith: [logs] },
              { Field: 'eventName', NotEquals: ['PutObject'] },
            ],
          },
          data('AWS::Lambda::Function'),
        ],
      },
      undo: { input: { AdvancedEventSelectors: [management, { Name: 'objects' }, data('AWS::Lambda::Function')] } },
    });
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'safe' });
  });

  it('rewrites basic selectors, management events and all, and says so', () => {
    const plan = planOf(check, own(selecting(all)));
    const input: JsonObject = onlyChange(plan).input;
    expect(input).not.toHaveProperty('EventSelectors');
    expect(input.AdvancedEventSelectors).toMatchObject([
      { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
      { FieldSelectors: expect.arrayContaining([{ Field: 'resources.ARN', NotStartsWith: [logs] }]) },
      { FieldSelectors: expect.arrayContaining([{ Field: 'eventName', NotEquals: ['PutObject'] }]) },
    ]);
    expect(plan.warnings).toContainEqual(expect.stringContaining('equivalent'));
  });

  it('drops reads there as well where they are not allowed', () => {
    const change = onlyChange(planOf(check, own(choosing(management, object())), { settings: { allow_reads: false } }));
    expect(JSON.stringify(change.input)).toContain('{"Equals":["false"],"Field":"readOnly"}');
  });

  it('is told to people where objects are picked by how their names end, or nothing would be left', () => {
    const byEnd = own(choosing(management, object({ 'resources.ARN': { EndsWith: ['.gz'] } })));
    expect(fixOf(check, byEnd)).toMatchObject({ kind: 'manual' });
    const nothingElse = object({ eventName: { Equals: ['PutObject'] }, 'resources.ARN': { StartsWith: [logs] } });
    expect(fixOf(check, own(choosing(nothingElse)))).toMatchObject({ kind: 'manual' });
  });

  it('passes on what it plans, and so does data-events/s3-write if it did before', () => {
    for (const selector of [
      all,
      basic('All', true, { DataResources: [{ Type: 'AWS::S3::Object', Values: [logs, 'arn:aws:s3:::x/'] }] }),
    ]) {
      const before = own(selecting(selector));
      const { input } = onlyChange(planOf(check, before));
      const after = own(choosing(...JSON.parse(JSON.stringify(input.AdvancedEventSelectors))));
      expect(findingOf(check, after)).toMatchObject({ verdict: 'pass' });
      expect(findingOf(s3Write, after)).toMatchObject({ verdict: findingOf(s3Write, before).verdict });
    }
  });
});
