import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coversData } from '../../../../src/check/evaluators/event-selectors/data.ts';
import { withObjectEvents } from '../../../../src/check/evaluators/event-selectors/data-edits.ts';
import { isEditRefused, withAllManagementEvents } from '../../../../src/check/evaluators/event-selectors/edits.ts';
import { wouldRecord } from '../../../../src/check/evaluators/event-selectors/match.ts';
import { recorded, recordsAllManagement } from '../../../../src/check/evaluators/event-selectors/recording.ts';
import type { TrailSelectors } from '../../../../src/check/evaluators/event-selectors/types.ts';
import { managementEvents, objectEvents, selectorSets } from '../arbitraries.ts';

const ESTATE = { mode: 'write', partition: 'aws', logBuckets: ['log'] } as const;
const S3 = (...Values: string[]) => [{ Type: 'AWS::S3::Object', Values }];

describe('withAllManagementEvents', () => {
  it.each<[string, TrailSelectors, TrailSelectors]>([
    [
      'widens the selector that has no data resources and keeps its exclusions',
      { eventSelectors: [{ ReadWriteType: 'WriteOnly', ExcludeManagementEventSources: ['kms.amazonaws.com'] }] },
      { eventSelectors: [{ ReadWriteType: 'All', ExcludeManagementEventSources: ['kms.amazonaws.com'] }] },
    ],
    [
      'does not record more data events than before',
      {
        eventSelectors: [
          { ReadWriteType: 'WriteOnly', IncludeManagementEvents: true, DataResources: S3('arn:aws:s3') },
        ],
      },
      {
        eventSelectors: [
          { ReadWriteType: 'WriteOnly', IncludeManagementEvents: true, DataResources: S3('arn:aws:s3') },
          { ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] },
        ],
      },
    ],
    [
      'turns management events on where all data events are recorded',
      { eventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: false, DataResources: S3('arn:aws:s3') }] },
      { eventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: S3('arn:aws:s3') }] },
    ],
    [
      'takes readOnly off an advanced management selector',
      {
        advancedEventSelectors: [
          {
            Name: 'm',
            FieldSelectors: [
              { Field: 'eventCategory', Equals: ['Management'] },
              { Field: 'readOnly', Equals: ['true'] },
            ],
          },
        ],
      },
      { advancedEventSelectors: [{ Name: 'm', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }] },
    ],
    [
      'adds a management selector beside advanced data selectors',
      { advancedEventSelectors: [{ Name: 'd', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }] },
      {
        advancedEventSelectors: [
          { Name: 'd', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] },
          { Name: 'All management events', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
        ],
      },
    ],
  ])('%s', (_, before, after) => {
    expect(withAllManagementEvents(before)).toEqual({ selectors: after, changed: true });
  });

  it('refuses a sixth basic selector', () => {
    const one = { ReadWriteType: 'ReadOnly', IncludeManagementEvents: false, DataResources: S3('arn:aws:s3:::a/') };
    const edit = withAllManagementEvents({ eventSelectors: [one, one, one, one, one] });
    expect(edit).toEqual({ problem: expect.stringContaining('6 event selectors; CloudTrail takes 5') });
  });
});

describe('withObjectEvents', () => {
  it('gives an advanced set two selectors, so that deletions of logs are recorded and deliveries are not', () => {
    const before = {
      advancedEventSelectors: [{ Name: 'm', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }],
    };
    const edit = withObjectEvents(before, ESTATE);
    if (isEditRefused(edit)) throw new Error(edit.problem);
    expect(edit.selectors.advancedEventSelectors).toHaveLength(3);
    expect(edit.selectors.advancedEventSelectors?.[0]).toBe(before.advancedEventSelectors[0]);
    const event = {
      category: 'Data',
      source: 's3.amazonaws.com',
      readOnly: false,
      resourceType: 'AWS::S3::Object',
    } as const;
    expect(wouldRecord(edit.selectors, { ...event, name: 'PutObject', resourceArn: 'arn:aws:s3:::data/k' })).toBe(true);
    expect(wouldRecord(edit.selectors, { ...event, name: 'PutObject', resourceArn: 'arn:aws:s3:::log-2/k' })).toBe(
      true,
    );
    expect(wouldRecord(edit.selectors, { ...event, name: 'PutObject', resourceArn: 'arn:aws:s3:::log/k' })).toBe(false);
    expect(wouldRecord(edit.selectors, { ...event, name: 'DeleteObject', resourceArn: 'arn:aws:s3:::log/k' })).toBe(
      true,
    );
  });

  it('stays basic on a basic set, in a selector for writes alone, with the ARN of the partition', () => {
    const own = { ReadWriteType: 'All', IncludeManagementEvents: true };
    expect(withObjectEvents({ eventSelectors: [own] }, { ...ESTATE, partition: 'aws-us-gov' })).toEqual({
      changed: true,
      selectors: {
        eventSelectors: [
          own,
          { ReadWriteType: 'WriteOnly', IncludeManagementEvents: false, DataResources: S3('arn:aws-us-gov:s3') },
        ],
      },
    });
  });

  it('does not lose the default management events of a trail without selectors', () => {
    const edit = withObjectEvents({}, ESTATE);
    expect(isEditRefused(edit) || recordsAllManagement(recorded(edit.selectors))).toBe(true);
  });

  it('refuses what goes over the limits', () => {
    const arns = (count: number) => Array.from({ length: count }, (_, index) => `arn:aws:s3:::b${index}/`);
    const basic = { eventSelectors: [{ ReadWriteType: 'ReadOnly', DataResources: S3(...arns(250)) }] };
    expect(withObjectEvents(basic, ESTATE)).toEqual({ problem: expect.stringContaining('251 data resources') });
    const narrow = [{ Field: 'resources.ARN', StartsWith: arns(495) }];
    expect(withObjectEvents({ advancedEventSelectors: [{ FieldSelectors: narrow }] }, ESTATE)).toEqual({
      problem: expect.stringContaining('504 values'),
    });
  });
});

describe('every edit', () => {
  const edits = fc.constantFrom(
    (set: TrailSelectors) => withAllManagementEvents(set),
    (set: TrailSelectors) => withObjectEvents(set, ESTATE),
    (set: TrailSelectors) => withObjectEvents(set, { ...ESTATE, mode: 'read', exempt: ['log-2'] }),
    (set: TrailSelectors) => withObjectEvents(set, { ...ESTATE, buckets: ['data', 'log-2'] }),
  );

  it('loses no event, keeps the kind of the set, and changes nothing the second time', () => {
    fc.assert(
      fc.property(selectorSets, edits, fc.oneof(managementEvents, objectEvents), (before, edit, event) => {
        const once = edit(before);
        if (isEditRefused(once)) return;
        if (wouldRecord(before, event)) expect(wouldRecord(once.selectors, event)).toBe(true);
        const isAdvanced = (set: TrailSelectors) => (set.advancedEventSelectors ?? []).length > 0;
        expect(isAdvanced(once.selectors)).toBe(isAdvanced(before));
        expect(edit(once.selectors)).toEqual({ selectors: once.selectors, changed: false });
      }),
      { numRuns: 1_000 },
    );
  });

  it('does what it is for, and nothing to the other kind of events', () => {
    fc.assert(
      fc.property(selectorSets, managementEvents, objectEvents, (before, management, object) => {
        const all = withAllManagementEvents(before);
        if (!isEditRefused(all)) {
          expect(recordsAllManagement(recorded(all.selectors))).toBe(true);
          expect(wouldRecord(all.selectors, object)).toBe(wouldRecord(before, object));
        }
        const writes = withObjectEvents(before, ESTATE);
        if (!isEditRefused(writes)) {
          const question = {
            type: 'AWS::S3::Object',
            mode: 'write',
            resource: 'all',
            exempt: ['arn:aws:s3:::log'],
          } as const;
          expect(coversData(recorded(writes.selectors), question).covered).toBe('all');
          expect(wouldRecord(writes.selectors, management)).toBe(wouldRecord(before, management));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
