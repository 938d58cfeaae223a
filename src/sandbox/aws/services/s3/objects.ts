/** Objects: put, read, listed with their versions, deleted. Object Lock keeps versions until their time is over. */
import { createHash, randomBytes } from 'node:crypto';
import { isRecord, neededString, stringIn } from '../../input.ts';
import {
  AwsError,
  type Bucket,
  type Input,
  type ObjectVersion,
  type Operation,
  type Output,
  type RequestContext,
} from '../../types.ts';
import { numberIn } from '../members.ts';
import { accessDenied, bucketOf, bucketPermission } from './bucket.ts';

const DAY = 24 * 3_600_000;
const MOST_KEYS = 1000;

function onObject(
  action: (input: Input) => string,
  handle: (bucket: Bucket, input: Input, context: RequestContext) => Output,
): Operation {
  return {
    permissions(context, input) {
      const needed = bucketPermission(context, bucketOf(context, input), `s3:${action(input)}`);
      return [{ ...needed, resource: `${needed.resource}/${stringIn(input, 'Key') ?? ''}` }];
    },
    handle: (context, input) => handle(bucketOf(context, input), input, context),
  };
}

export const putObject = onObject(
  () => 'PutObject',
  (bucket, input, { estate }) => {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html: a locked object must have come whole.
    if (bucket.objectLock && input.checksum !== true) {
      const message =
        'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters';
      throw new AwsError('InvalidRequest', message);
    }
    const body = input.Body instanceof Buffer ? input.Body : Buffer.alloc(0);
    const version: ObjectVersion = {
      id: bucket.versioning === 'Enabled' ? randomBytes(16).toString('base64url') : 'null',
      body,
      at: estate.now(),
      ...retentionFor(bucket, estate.now()),
    };
    bucket.objects ??= new Map();
    const key = neededString(input, 'Key');
    const older = (bucket.objects.get(key) ?? []).filter(({ id }) => id !== version.id);
    bucket.objects.set(key, [version, ...older]);
    return { headers: { etag: etag(version), ...versionHeader(version) } };
  },
);

export const getObject = onObject(
  ({ VersionId }) => (VersionId === undefined ? 'GetObject' : 'GetObjectVersion'),
  (bucket, input) => {
    const versions = bucket.objects?.get(stringIn(input, 'Key') ?? '') ?? [];
    const wanted = stringIn(input, 'VersionId');
    const found = wanted === undefined ? versions[0] : versions.find(({ id }) => id === wanted);
    if (found?.body === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    const { lockMode, retainUntil } = found;
    const lock = lockMode && {
      'x-amz-object-lock-mode': lockMode,
      'x-amz-object-lock-retain-until-date': retainUntil?.toISOString() ?? '',
    };
    return { Body: found.body, headers: { etag: etag(found), ...versionHeader(found), ...lock } };
  },
);

/** Without a version only a marker is put on top, lock or no lock; a version goes when its lock lets it. */
export const deleteObject = onObject(
  ({ VersionId }) => (VersionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion'),
  (bucket, input, { estate }) => {
    const key = stringIn(input, 'Key') ?? '';
    const versions = bucket.objects?.get(key) ?? [];
    const wanted = stringIn(input, 'VersionId');
    if (wanted === undefined && bucket.versioning === 'Enabled') {
      const marker: ObjectVersion = { id: randomBytes(16).toString('base64url'), body: undefined, at: estate.now() };
      bucket.objects?.set(key, [marker, ...versions]);
      return { headers: { 'x-amz-delete-marker': 'true', ...versionHeader(marker) } };
    }
    const gone = versions.find(({ id }) => id === (wanted ?? 'null'));
    if (gone?.retainUntil !== undefined && gone.retainUntil > estate.now()) throw accessDenied();
    bucket.objects?.set(
      key,
      versions.filter((version) => version !== gone),
    );
    return {};
  },
);

export const listObjectVersions: Operation = {
  permissions: (context, input) => [
    {
      ...bucketPermission(context, bucketOf(context, input), 's3:ListBucketVersions'),
      context: { 's3:prefix': stringIn(input, 'Prefix') ?? '' },
    },
  ],
  handle: (context, input) => versionsOf(bucketOf(context, input), input),
};

function versionsOf(bucket: Bucket, input: Input): Output {
  const [prefix, marker] = [stringIn(input, 'Prefix') ?? '', stringIn(input, 'KeyMarker') ?? ''];
  const most = Math.min(numberIn(input, 'MaxKeys') ?? MOST_KEYS, MOST_KEYS);
  const all = [...(bucket.objects ?? [])]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .filter(([key]) => key.startsWith(prefix) && key > marker)
    .flatMap(([key, versions]) => versions.map((version, at) => ({ key, version, latest: at === 0 })));
  const page = all.slice(0, most);
  const told = ({ key, version, latest }: (typeof all)[number]) => ({
    Key: key,
    VersionId: version.id,
    IsLatest: latest,
    LastModified: version.at.toISOString(),
    ...(version.body === undefined ? {} : { ETag: etag(version), Size: version.body.byteLength }),
  });
  const last = page.length < all.length ? page.at(-1) : undefined;
  return {
    ListVersionsResult: {
      Name: bucket.name,
      Prefix: prefix,
      KeyMarker: marker,
      MaxKeys: most,
      IsTruncated: last !== undefined,
      ...(last === undefined ? {} : { NextKeyMarker: last.key, NextVersionIdMarker: last.version.id }),
      Versions: page.filter(({ version }) => version.body !== undefined).map(told),
      DeleteMarkers: page.filter(({ version }) => version.body === undefined).map(told),
    },
  };
}

function retentionFor({ objectLock }: Bucket, now: Date): Pick<ObjectVersion, 'lockMode' | 'retainUntil'> {
  const rule = isRecord(objectLock) && isRecord(objectLock.Rule) ? objectLock.Rule.DefaultRetention : undefined;
  if (!isRecord(rule)) return {};
  const days = numberIn(rule, 'Days') ?? (numberIn(rule, 'Years') ?? 0) * 365;
  return { lockMode: stringIn(rule, 'Mode') ?? '', retainUntil: new Date(now.getTime() + days * DAY) };
}

function etag({ body }: ObjectVersion): string {
  return `"${createHash('md5')
    .update(body ?? '')
    .digest('hex')}"`;
}

function versionHeader({ id }: ObjectVersion): Record<string, string> {
  return id === 'null' ? {} : { 'x-amz-version-id': id };
}
