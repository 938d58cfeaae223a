import {
  type AdvancedFieldSelector,
  type EventSelector,
  GetEventSelectorsCommand,
  PutEventSelectorsCommand,
} from '@aws-sdk/client-cloudtrail';
import { describe, expect, test } from 'vitest';
import { errorOf } from '../core/support.ts';
import { ORG_TRAIL, organization } from './support.ts';

async function client() {
  const { trails, management } = await organization();
  return trails(management);
}

const s3 = (...Values: string[]): EventSelector => ({ DataResources: [{ Type: 'AWS::S3::Object', Values }] });
const field = (Field: string, rest: Omit<AdvancedFieldSelector, 'Field'>): AdvancedFieldSelector => ({
  Field,
  ...rest,
});
const category = (value: string) => field('eventCategory', { Equals: [value] });
const objects = field('resources.type', { Equals: ['AWS::S3::Object'] });

describe('basic selectors', () => {
  test('are filled with defaults and replace what was there', async () => {
    const trails = await client();
    await trails.send(
      new PutEventSelectorsCommand({
        TrailName: ORG_TRAIL,
        AdvancedEventSelectors: [{ FieldSelectors: [category('Management')] }],
      }),
    );
    await trails.send(new PutEventSelectorsCommand({ TrailName: ORG_TRAIL, EventSelectors: [s3('arn:aws:s3')] }));
    const read = await trails.send(new GetEventSelectorsCommand({ TrailName: ORG_TRAIL }));
    expect(read.AdvancedEventSelectors).toBeUndefined();
    expect(read.EventSelectors).toEqual([
      {
        ReadWriteType: 'All',
        IncludeManagementEvents: true,
        DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }],
        ExcludeManagementEventSources: [],
      },
    ]);
  });

  test.each<[string, EventSelector[]]>([
    ['all buckets', [s3('arn:aws:s3')]],
    ['all buckets in the older form', [s3('arn:aws:s3:::')]],
    ['one bucket', [s3('arn:aws:s3:::logs/')]],
    ['a prefix', [s3('arn:aws:s3:::logs/AWSLogs/')]],
    ['all functions', [{ DataResources: [{ Type: 'AWS::Lambda::Function', Values: ['arn:aws:lambda'] }] }]],
    ['kms left out', [{ ExcludeManagementEventSources: ['kms.amazonaws.com'] }]],
    ['250 data resources', [s3(...Array.from({ length: 250 }, (_, index) => `arn:aws:s3:::b-${index}/`))]],
  ])('take %s', async (_what, EventSelectors) => {
    const trails = await client();
    await trails.send(new PutEventSelectorsCommand({ TrailName: ORG_TRAIL, EventSelectors }));
  });

  test.each<[string, EventSelector[]]>([
    ['all buckets by a star', [s3('arn:aws:s3:::*')]],
    ['a bucket without its slash', [s3('arn:aws:s3:::logs')]],
    ['all functions by a star', [{ DataResources: [{ Type: 'AWS::Lambda::Function', Values: ['arn:aws:lambda:*'] }] }]],
    ['a type that is none', [{ DataResources: [{ Type: 'AWS::S3::Bucket', Values: ['arn:aws:s3'] }] }]],
    ['a source that cannot be left out', [{ ExcludeManagementEventSources: ['iam.amazonaws.com'] }]],
    ['nothing to record', [{ IncludeManagementEvents: false }]],
    ['no selector', []],
    ['six selectors', Array.from({ length: 6 }, () => s3('arn:aws:s3'))],
    ['251 data resources', [s3(...Array.from({ length: 251 }, (_, index) => `arn:aws:s3:::b-${index}/`))]],
  ])('refuse %s', async (_what, EventSelectors) => {
    const trails = await client();
    const refused = await errorOf(trails.send(new PutEventSelectorsCommand({ TrailName: ORG_TRAIL, EventSelectors })));
    expect(refused.name).toBe('InvalidEventSelectorsException');
  });
});

describe('advanced selectors', () => {
  test('come back as they were put', async () => {
    const trails = await client();
    const AdvancedEventSelectors = [
      {
        Name: 'Management',
        FieldSelectors: [category('Management'), field('eventSource', { NotEquals: ['kms.amazonaws.com'] })],
      },
      {
        Name: 'Objects but the log bucket',
        FieldSelectors: [category('Data'), objects, field('resources.ARN', { NotStartsWith: ['arn:aws:s3:::logs/'] })],
      },
    ];
    await trails.send(new PutEventSelectorsCommand({ TrailName: ORG_TRAIL, AdvancedEventSelectors }));
    const read = await trails.send(new GetEventSelectorsCommand({ TrailName: ORG_TRAIL }));
    expect(read).toMatchObject({ AdvancedEventSelectors });
    expect(read.EventSelectors).toBeUndefined();
  });

  test.each<[string, AdvancedFieldSelector[]]>([
    ['no category', [objects]],
    ['two categories', [field('eventCategory', { Equals: ['Data', 'Management'] })]],
    ['a category trails do not record', [category('ConfigurationItem')]],
    ['a category by another operator', [field('eventCategory', { StartsWith: ['Data'] })]],
    ['data events of no type', [category('Data')]],
    [
      'data events of two types',
      [category('Data'), field('resources.type', { Equals: ['AWS::S3::Object', 'AWS::Lambda::Function'] })],
    ],
    ['a star in an ARN', [category('Data'), objects, field('resources.ARN', { StartsWith: ['arn:aws:s3:::*'] })]],
    ['a field nobody knows', [category('Data'), objects, field('bucketName', { Equals: ['logs'] })]],
    ['a field of data events with management', [category('Management'), field('eventName', { Equals: ['PutObject'] })]],
    [
      'a management source to include',
      [category('Management'), field('eventSource', { Equals: ['kms.amazonaws.com'] })],
    ],
    [
      'a management source that cannot be left out',
      [category('Management'), field('eventSource', { NotEquals: ['iam.amazonaws.com'] })],
    ],
    ['readOnly by another operator', [category('Management'), field('readOnly', { NotEquals: ['true'] })]],
    ['readOnly with another word', [category('Management'), field('readOnly', { Equals: ['yes'] })]],
    [
      'a field twice',
      [category('Data'), objects, field('eventName', { Equals: ['a'] }), field('eventName', { Equals: ['b'] })],
    ],
    ['a field without values', [category('Data'), objects, field('eventName', {})]],
    ['network activity without a source', [category('NetworkActivity')]],
    [
      '501 values',
      [
        category('Data'),
        objects,
        field('eventName', { Equals: Array.from({ length: 499 }, (_, index) => `Event${index}`) }),
      ],
    ],
  ])('refuse %s', async (_what, FieldSelectors) => {
    const trails = await client();
    const refused = await errorOf(
      trails.send(new PutEventSelectorsCommand({ TrailName: ORG_TRAIL, AdvancedEventSelectors: [{ FieldSelectors }] })),
    );
    expect(refused.name).toBe('InvalidEventSelectorsException');
  });

  test('both kinds at once are refused, and so is neither', async () => {
    const trails = await client();
    for (const both of [
      {},
      { EventSelectors: [s3('arn:aws:s3')], AdvancedEventSelectors: [{ FieldSelectors: [category('Management')] }] },
    ]) {
      const refused = await errorOf(trails.send(new PutEventSelectorsCommand({ TrailName: ORG_TRAIL, ...both })));
      expect(refused.name).toBe('InvalidParameterCombinationException');
    }
  });
});
