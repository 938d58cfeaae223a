/** S3's routes: method and sub-resource say the operation; headers and body give its members. */
import { parseXml, writeXml, type XmlElement, type XmlValue } from '../../protocols/xml.ts';
import {
  AwsError,
  type HttpRequest,
  type HttpResponse,
  type Input,
  type Output,
  type RestBinding,
} from '../../types.ts';
import * as documents from './documents.ts';
import { malformedXml, readStructure, type Structure, writeStructure } from './shapes.ts';

const NAMESPACE = { xmlns: 'http://s3.amazonaws.com/doc/2006-03-01/' };

/** A sub-resource of a bucket: its operations by method, and its document (root element, shape, member of the request). */
interface SubResource {
  operations: Record<string, string>;
  document?: { root: string; shape: Structure; member: string };
}

const SUB_RESOURCES: Record<string, SubResource> = {
  acl: {
    operations: { GET: 'GetBucketAcl', PUT: 'PutBucketAcl' },
    document: named('AccessControlPolicy', documents.ACL),
  },
  encryption: {
    operations: { GET: 'GetBucketEncryption', PUT: 'PutBucketEncryption', DELETE: 'DeleteBucketEncryption' },
    document: named('ServerSideEncryptionConfiguration', documents.ENCRYPTION),
  },
  lifecycle: {
    operations: {
      GET: 'GetBucketLifecycleConfiguration',
      PUT: 'PutBucketLifecycleConfiguration',
      DELETE: 'DeleteBucketLifecycle',
    },
    document: named('LifecycleConfiguration', documents.LIFECYCLE),
  },
  location: { operations: { GET: 'GetBucketLocation' } },
  logging: {
    operations: { GET: 'GetBucketLogging', PUT: 'PutBucketLogging' },
    document: named('BucketLoggingStatus', documents.LOGGING),
  },
  'object-lock': {
    operations: { GET: 'GetObjectLockConfiguration', PUT: 'PutObjectLockConfiguration' },
    document: named('ObjectLockConfiguration', documents.OBJECT_LOCK),
  },
  ownershipControls: {
    operations: {
      GET: 'GetBucketOwnershipControls',
      PUT: 'PutBucketOwnershipControls',
      DELETE: 'DeleteBucketOwnershipControls',
    },
    document: named('OwnershipControls', documents.OWNERSHIP),
  },
  policy: { operations: { GET: 'GetBucketPolicy', PUT: 'PutBucketPolicy', DELETE: 'DeleteBucketPolicy' } },
  policyStatus: {
    operations: { GET: 'GetBucketPolicyStatus' },
    document: named('PolicyStatus', documents.POLICY_STATUS),
  },
  publicAccessBlock: {
    operations: { GET: 'GetPublicAccessBlock', PUT: 'PutPublicAccessBlock', DELETE: 'DeletePublicAccessBlock' },
    document: named('PublicAccessBlockConfiguration', documents.PUBLIC_ACCESS_BLOCK),
  },
  replication: {
    operations: { GET: 'GetBucketReplication' },
    document: named('ReplicationConfiguration', documents.REPLICATION),
  },
  requestPayment: {
    operations: { GET: 'GetBucketRequestPayment', PUT: 'PutBucketRequestPayment' },
    document: named('RequestPaymentConfiguration', documents.PAYMENT),
  },
  tagging: { operations: { GET: 'GetBucketTagging' }, document: named('Tagging', documents.TAGGING) },
  versions: {
    operations: { GET: 'ListObjectVersions' },
    document: named('ListVersionsResult', documents.VERSIONS),
  },
  versioning: {
    operations: { GET: 'GetBucketVersioning', PUT: 'PutBucketVersioning' },
    document: named('VersioningConfiguration', documents.VERSIONING),
  },
  website: { operations: { GET: 'GetBucketWebsite' }, document: named('WebsiteConfiguration', documents.WEBSITE) },
};

const PLAIN: SubResource = {
  operations: { HEAD: 'HeadBucket', PUT: 'CreateBucket', DELETE: 'DeleteBucket' },
  document: named('CreateBucketConfiguration', documents.CREATE),
};

const BY_OPERATION = new Map(
  [PLAIN, ...Object.values(SUB_RESOURCES)].flatMap((resource) =>
    Object.values(resource.operations).map((operation) => [operation, resource] as const),
  ),
);

/** Headers that are members of a request. */
const HEADERS: Record<string, string> = {
  'x-amz-acl': 'ACL',
  'x-amz-expected-bucket-owner': 'ExpectedBucketOwner',
  'x-amz-mfa': 'MFA',
  'x-amz-object-ownership': 'ObjectOwnership',
  'x-amz-bucket-object-lock-enabled': 'ObjectLockEnabledForBucket',
};

export const rest: RestBinding = { route, render };

function route(request: HttpRequest): { operation: string; input: Input } {
  const [bucket = '', key = ''] = request.path
    .slice(1)
    .split(/\/(.*)/s)
    .map(decodeURIComponent);
  if (bucket === '' && request.method === 'GET') return { operation: 'ListBuckets', input: listInput(request) };
  if (key !== '') return objectRoute(request, bucket, key);
  const name = [...request.query.keys()].find((parameter) => Object.hasOwn(SUB_RESOURCES, parameter));
  const resource = (name === undefined ? undefined : SUB_RESOURCES[name]) ?? PLAIN;
  const operation = resource.operations[request.method];
  if (!operation || request.query.has('list-type')) {
    throw new AwsError('NotImplemented', 'The simulator has no such S3 operation.', 501);
  }
  const given = operation === 'ListObjectVersions' ? versionsInput(request) : bodyInput(request, resource);
  return { operation, input: { Bucket: bucket, ...headerInput(request), ...given } };
}

const OBJECT: Record<string, string> = { GET: 'GetObject', PUT: 'PutObject', DELETE: 'DeleteObject' };

function objectRoute(request: HttpRequest, Bucket: string, Key: string): { operation: string; input: Input } {
  const { method, query, headers, body } = request;
  const operation = OBJECT[method];
  const beyond = [...query.keys()].some((parameter) => parameter !== 'x-id' && parameter !== 'versionId');
  if (!operation || beyond) throw new AwsError('NotImplemented', 'The simulator has no such S3 operation.', 501);
  const checksum = Object.keys(headers).some(
    (name) => name === 'content-md5' || /^x-amz-(checksum-|trailer)/.test(name),
  );
  const put = method === 'PUT' ? { Body: body, checksum } : {};
  const input = { Bucket, Key, VersionId: query.get('versionId') ?? undefined, ...headerInput(request), ...put };
  return { operation, input };
}

function versionsInput({ query }: HttpRequest): Input {
  return {
    Prefix: query.get('prefix') ?? undefined,
    KeyMarker: query.get('key-marker') ?? undefined,
    MaxKeys: query.get('max-keys') ?? undefined,
  };
}

function listInput({ query }: HttpRequest): Input {
  return {
    MaxBuckets: query.get('max-buckets') ?? undefined,
    ContinuationToken: query.get('continuation-token') ?? undefined,
    Prefix: query.get('prefix') ?? undefined,
    BucketRegion: query.get('bucket-region') ?? undefined,
  };
}

function headerInput({ headers }: HttpRequest): Input {
  return Object.fromEntries(
    Object.entries(HEADERS).flatMap(([header, member]) => (headers[header] ? [[member, headers[header]]] : [])),
  );
}

function bodyInput({ method, body }: HttpRequest, { operations, document }: SubResource): Input {
  if (method !== 'PUT') return {};
  if (operations.PUT === 'PutBucketPolicy') return { Policy: body.toString('utf8') };
  if (!document || body.length === 0) return {};
  const root = parse(body.toString('utf8'));
  if (root.name !== document.root) throw malformedXml();
  return { [document.member]: readStructure(root, document.shape) };
}

function parse(text: string): XmlElement {
  try {
    return parseXml(text);
  } catch {
    throw malformedXml();
  }
}

function render(operation: string, output: Output): HttpResponse {
  const headers = headersIn(output);
  if (output.Body instanceof Buffer) return { status: 200, headers, body: output.Body };
  if (operation === 'GetBucketPolicy') {
    return { status: 200, headers: { ...headers, 'content-type': 'application/json' }, body: String(output.Policy) };
  }
  if (operation.startsWith('Delete')) return { status: 204, headers, body: '' };
  const document = operation === 'ListBuckets' ? LIST : BY_OPERATION.get(operation)?.document;
  if (operation === 'GetBucketAcl') return { status: 200, headers, body: xml('AccessControlPolicy', raw(output.Acl)) };
  if (operation === 'GetBucketLocation') {
    return { status: 200, headers, body: xml('LocationConstraint', raw(output.LocationConstraint)) };
  }
  if (!document || !/^(Get|List)/.test(operation)) return { status: 200, headers, body: '' };
  return { status: 200, headers, body: xml(document.root, writeStructure(output[document.member], document.shape)) };
}

const LIST = named('ListAllMyBucketsResult', documents.BUCKETS);

function headersIn(output: Output): Record<string, string> {
  const headers = output.headers;
  if (typeof headers !== 'object' || headers === null) return {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function raw(value: unknown): XmlValue {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(raw);
  if (typeof value !== 'object' || value === null) return '';
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, raw(member)]));
}

function xml(root: string, value: XmlValue): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeXml(root, value, NAMESPACE)}`;
}

function named(root: string, shape: Structure): { root: string; shape: Structure; member: string } {
  return { root, shape, member: root };
}
