import { expect, test } from 'vitest';
import { findOperation } from '../../src/aws/operations/table.ts';
import { iamActionsOf, PART_NAMES, PARTS, splitPartKey } from '../../src/snapshot/catalogue.ts';
import { emptySnapshot } from '../../src/snapshot/empty.ts';

test('every part of a snapshot has a reader', () => {
  const { takenAt: _, partition: __, accounts: ___, ...parts } = emptySnapshot('', 'aws');
  expect([...PART_NAMES].sort()).toEqual(Object.keys(parts).sort());
});

test.each(PART_NAMES.map((name) => [name]))('%s is read by operations that change nothing', (name) => {
  const kinds = PARTS[name].operations.map((operation) => findOperation(operation)?.operation.kind);
  expect(kinds.length).toBeGreaterThan(0);
  expect(new Set(kinds)).toEqual(new Set(['read']));
});

test('permissions follow from the parts, with what they are found by', () => {
  expect(iamActionsOf(['bucket.encryption'])).toEqual([
    'account:ListRegions',
    'cloudtrail:DescribeTrails',
    'cloudtrail:ListTrails',
    'organizations:DescribeOrganization',
    'organizations:ListAccounts',
    's3:GetEncryptionConfiguration',
    's3:ListAllMyBuckets',
    's3:ListBucket',
  ]);
});

test.each([
  [
    'trail:arn:aws:cloudtrail:us-east-1:111111111111:trail/a',
    { name: 'trail', key: 'arn:aws:cloudtrail:us-east-1:111111111111:trail/a' },
  ],
  ['iam.role:111111111111/name', { name: 'iam.role', key: '111111111111/name' }],
  ['nothing:x', undefined],
  ['trail', undefined],
])('%s is taken apart', (key, expected) => {
  expect(splitPartKey(key)).toEqual(expected);
});
