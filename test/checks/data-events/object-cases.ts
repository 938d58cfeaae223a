import type { JsonObject } from '../../../src/snapshot/types.ts';
import { ACCOUNT, BUCKET } from '../../support/snapshot.ts';
import { accountWith, basic, memberUnder, ORGANIZATION_TRAIL } from '../trail/support.ts';
import { type Case, choosing, data, management, resources, selecting, uncovered, unread } from './support.ts';

const objects = (Values: string[], mode?: string) => resources('AWS::S3::Object', Values, mode);
const object = (more?: Parameters<typeof data>[1]) => data('AWS::S3::Object', more);

/** The cases of both checks of S3 data events; `titles` are the edge cases that name a mode. */
export function objectCases(mode: 'read' | 'write', titles: { basic: string; advanced: string }): Case[] {
  const [own, other] = mode === 'read' ? ['ReadOnly', 'WriteOnly'] : ['WriteOnly', 'ReadOnly'];
  const readOnly = (value: boolean) => ({ readOnly: { Equals: [String(value)] } });
  const covered: JsonObject = { EventSelectors: [objects(['arn:aws:s3'])] };
  return [
    [`${titles.basic} (All)`, () => selecting(objects(['arn:aws:s3'])), 'pass'],
    [`${titles.basic} (older value)`, () => selecting(objects(['arn:aws:s3:::'])), 'pass'],
    [`${titles.basic} (${own})`, () => selecting(objects(['arn:aws:s3'], own)), 'pass'],
    ['basic selector of the other mode', () => selecting(objects(['arn:aws:s3'], other)), 'fail'],
    [
      'Value arn:aws:s3:::name/ covers that bucket alone; name does not cover name-2 (all asked for)',
      () => selecting(objects(['arn:aws:s3:::name/'])),
      'fail',
    ],
    [
      'Value arn:aws:s3:::name/ covers that bucket alone; name does not cover name-2 (that bucket)',
      () => selecting(objects(['arn:aws:s3:::name/'])),
      'pass',
      {},
      { buckets: ['name'] },
    ],
    [
      'Value arn:aws:s3:::name/ covers that bucket alone; name does not cover name-2 (the other)',
      () => selecting(objects(['arn:aws:s3:::name/'])),
      'fail',
      {},
      { buckets: ['name-2'] },
    ],
    [`${titles.advanced} (without)`, () => choosing(object()), 'pass'],
    [`${titles.advanced} (of this mode)`, () => choosing(object(readOnly(mode === 'read'))), 'pass'],
    [`${titles.advanced} (of the other mode)`, () => choosing(object(readOnly(mode !== 'read'))), 'fail'],
    [
      'Narrowed by resources.ARN StartsWith to some buckets: pass only if buckets names no others (no others)',
      () => choosing(object({ 'resources.ARN': { StartsWith: ['arn:aws:s3:::one/', 'arn:aws:s3:::two/'] } })),
      'pass',
      {},
      { buckets: ['one', 'two'] },
    ],
    [
      'Narrowed by resources.ARN StartsWith to some buckets: pass only if buckets names no others (all)',
      () => choosing(object({ 'resources.ARN': { StartsWith: ['arn:aws:s3:::one/'] } })),
      'fail',
    ],
    [
      'NotStartsWith for log buckets or for exempt_buckets: pass (log bucket)',
      () => choosing(object({ 'resources.ARN': { NotStartsWith: [`arn:aws:s3:::${BUCKET}/`] } })),
      'pass',
    ],
    [
      'NotStartsWith for log buckets or for exempt_buckets: pass (exempt)',
      () => choosing(object({ 'resources.ARN': { NotStartsWith: ['arn:aws:s3:::scratch/'] } })),
      'pass',
      {},
      { exempt_buckets: ['scratch'] },
    ],
    [
      'NotStartsWith for any other bucket',
      () => choosing(object({ 'resources.ARN': { NotStartsWith: ['arn:aws:s3:::scratch/'] } })),
      'fail',
    ],
    [
      'Selector narrowed by eventName, by userIdentity.arn or by a list of ARNs: covers only that part, not "all" (eventName)',
      () => choosing(object({ eventName: { Equals: ['DeleteObject', 'GetObject'] } })),
      'fail',
    ],
    [
      'Selector narrowed by eventName, by userIdentity.arn or by a list of ARNs: covers only that part, not "all" (caller)',
      () => choosing(object({ 'userIdentity.arn': { NotStartsWith: [`arn:aws:sts::${ACCOUNT}:assumed-role/app`] } })),
      'fail',
    ],
    [
      'Selector narrowed by eventName, by userIdentity.arn or by a list of ARNs: covers only that part, not "all" (ARNs)',
      () => choosing(object({ 'resources.ARN': { Equals: ['arn:aws:s3:::one/key'] } })),
      'fail',
    ],
    [
      'Advanced selectors are judged by their fields; the name of a selector means nothing',
      () => choosing({ ...management, Name: 'S3 objects' }),
      'fail',
    ],
    [
      'Directory buckets and access points are other resource types: not asked here',
      () => choosing(data('AWS::S3Express::Object'), data('AWS::S3::AccessPoint')),
      'fail',
    ],
    ['no data events', () => selecting(basic('All')), 'fail', { fix: 'auto-second-approver', risk: 'cost' }],
    ['no selector ever put', () => accountWith({ selectors: {} }), 'fail'],
    [
      'Organization trail with the selector: members inherit the pass',
      () => memberUnder({ selectors: covered }),
      'pass',
      { inheritedFrom: ORGANIZATION_TRAIL },
    ],
    ...uncovered,
    ...unread,
  ];
}
