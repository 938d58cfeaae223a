import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { allow, bucket, policy } from '../../../../src/sandbox/aws/builders.ts';
import { errorOf } from '../core/support.ts';
import { archiveClient, organization } from './support.ts';

const Bucket = 'locked';
const LOCK = {
  versioning: 'Enabled',
  objectLock: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 2 } } },
} as const;

test('an object is put, read back, and kept beside its next version', async () => {
  const { client, estate, archive } = await archiveClient();
  bucket(estate, archive, Bucket, { versioning: 'Enabled' });
  const first = await client.send(new PutObjectCommand({ Bucket, Key: 'a/b ü.txt', Body: 'one' }));
  const second = await client.send(new PutObjectCommand({ Bucket, Key: 'a/b ü.txt', Body: 'two' }));
  const read = async (VersionId?: string) =>
    (await client.send(new GetObjectCommand({ Bucket, Key: 'a/b ü.txt', VersionId }))).Body?.transformToString();
  expect([await read(), await read(first.VersionId), await read(second.VersionId)]).toEqual(['two', 'one', 'two']);
  expect(await errorOf(client.send(new GetObjectCommand({ Bucket, Key: 'a' })))).toMatchObject({ name: 'NoSuchKey' });
});

test('versions and delete markers are listed in pages, by key', async () => {
  const { client, estate, archive } = await archiveClient();
  bucket(estate, archive, Bucket, LOCK);
  for (const Key of ['x/2', 'x/1', 'y/3', 'x/3']) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'x/2' }));
  const page = (KeyMarker?: string) =>
    client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'x/', MaxKeys: 2, KeyMarker }));
  const { Versions, DeleteMarkers, NextKeyMarker, IsTruncated } = await page();
  expect([Versions?.map(({ Key }) => Key), DeleteMarkers?.map(({ Key }) => Key)]).toEqual([['x/1'], ['x/2']]);
  expect([IsTruncated, NextKeyMarker]).toEqual([true, 'x/2']);
  expect(await page('x/2')).toMatchObject({ IsTruncated: false, Versions: [{ Key: 'x/3', Size: 3, IsLatest: true }] });
});

test('a locked version outlives whoever deletes it, and carries until when', async () => {
  const { client, estate, archive } = await archiveClient();
  bucket(estate, archive, Bucket, LOCK);
  const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'kept' }));
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
  expect(await errorOf(client.send(new GetObjectCommand({ Bucket, Key: 'k' })))).toMatchObject({ name: 'NoSuchKey' });
  expect(await errorOf(client.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId })))).toMatchObject({
    name: 'AccessDenied',
  });
  const { Body, ObjectLockMode, ObjectLockRetainUntilDate } = await client.send(
    new GetObjectCommand({ Bucket, Key: 'k', VersionId }),
  );
  expect([await Body?.transformToString(), ObjectLockMode]).toEqual(['kept', 'COMPLIANCE']);
  expect(ObjectLockRetainUntilDate?.getTime()).toBeGreaterThan(estate.now().getTime() + 47 * 3_600_000);
});

test('a bucket with Object Lock wants a checksum, and a caller the permission on that very object', async () => {
  const { estate, archive, as, s3 } = await organization();
  bucket(estate, archive, Bucket, LOCK);
  const bare = new S3Client({ ...as(archive), requestChecksumCalculation: 'WHEN_REQUIRED' });
  expect(await errorOf(bare.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' })))).toMatchObject({
    name: 'InvalidRequest',
  });
  const limited = s3(archive, 'us-east-1', policy(allow('s3:PutObject', `arn:aws:s3:::${Bucket}/mine/*`)));
  await limited.send(new PutObjectCommand({ Bucket, Key: 'mine/k', Body: 'x' }));
  for (const denied of [
    () => limited.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' })),
    () => limited.send(new GetObjectCommand({ Bucket, Key: 'mine/k' })),
    () => limited.send(new ListObjectVersionsCommand({ Bucket })),
  ]) {
    expect(await errorOf(denied())).toMatchObject({ name: 'AccessDenied' });
  }
});

test('what is put into a bucket stands in no event history', async () => {
  const { client, estate, archive, trails } = await archiveClient();
  bucket(estate, archive, Bucket);
  await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
  expect((await trails(archive).send(new LookupEventsCommand({}))).Events).toEqual([]);
});
