import type { Mode } from '../../check/evaluators/event-selectors/types.ts';

/** A service some of whose events are data events: recorded only where a selector asks for them. */
export interface DataService {
  /** `resources.type` of CloudTrail. */
  type: string;
  /** The service in ARNs and in the event source. */
  arn: string;
  /** What stands before a name in the ARN. */
  prefix: string;
  /** ARNs without region and account. */
  global: boolean;
  example: { what: string; resource: string };
  /** By action of IAM: the event CloudTrail writes, and whether it reads. */
  events: { readonly [action: string]: { name: string; mode: Mode } };
}

function events(reads: string, writes: string, renamed: { [action: string]: string } = {}): DataService['events'] {
  const of = (names: string, mode: Mode) =>
    names.split(/\s+/).flatMap((action) => {
      const name = renamed[action] ?? action;
      return [[action, { name, mode }] as const, [name, { name, mode }] as const];
    });
  return Object.fromEntries([...of(reads, 'read'), ...of(writes, 'write')]);
}

/**
 * The data events people ask about, by service prefix.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
export const DATA_EVENTS: { readonly [service: string]: DataService } = {
  s3: {
    type: 'AWS::S3::Object',
    arn: 's3',
    prefix: '',
    global: true,
    example: { what: 'the object', resource: 'bucket/key' },
    events: events(
      `GetObject GetObjectAcl GetObjectAttributes GetObjectLegalHold GetObjectRetention GetObjectTagging GetObjectTorrent
       HeadBucket HeadObject ListMultipartUploads ListObjects ListObjectVersions ListParts SelectObjectContent`,
      `AbortMultipartUpload CompleteMultipartUpload CopyObject CreateMultipartUpload DeleteObject DeleteObjects
       DeleteObjectTagging PutObject PutObjectAcl PutObjectLegalHold PutObjectRetention PutObjectTagging RestoreObject
       UploadPart UploadPartCopy`,
    ),
  },
  lambda: {
    type: 'AWS::Lambda::Function',
    arn: 'lambda',
    prefix: 'function:',
    global: false,
    example: { what: 'the function', resource: 'my-function' },
    events: events('', 'InvokeFunction', { InvokeFunction: 'Invoke' }),
  },
  dynamodb: {
    type: 'AWS::DynamoDB::Table',
    arn: 'dynamodb',
    prefix: 'table/',
    global: false,
    example: { what: 'the table', resource: 'my-table' },
    events: events(
      'BatchGetItem GetItem Query Scan TransactGetItems',
      `BatchExecuteStatement BatchWriteItem DeleteItem ExecuteStatement ExecuteTransaction PutItem TransactWriteItems
       UpdateItem`,
    ),
  },
  sns: {
    type: 'AWS::SNS::Topic',
    arn: 'sns',
    prefix: '',
    global: false,
    example: { what: 'the topic', resource: 'my-topic' },
    events: events('', 'Publish PublishBatch'),
  },
  sqs: {
    type: 'AWS::SQS::Queue',
    arn: 'sqs',
    prefix: '',
    global: false,
    example: { what: 'the queue', resource: 'my-queue' },
    events: events(
      'ReceiveMessage',
      `ChangeMessageVisibility ChangeMessageVisibilityBatch DeleteMessage DeleteMessageBatch SendMessage
       SendMessageBatch`,
    ),
  },
  kinesis: {
    type: 'AWS::Kinesis::Stream',
    arn: 'kinesis',
    prefix: 'stream/',
    global: false,
    example: { what: 'the stream', resource: 'my-stream' },
    events: events('GetRecords GetShardIterator SubscribeToShard', 'PutRecord PutRecords'),
  },
};
