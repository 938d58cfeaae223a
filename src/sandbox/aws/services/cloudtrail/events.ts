/** LookupEvents: what changed in an account and region, from the calls that reached the simulator. */
import { createHash } from 'node:crypto';
import { recordsIn, stringIn } from '../../input.ts';
import { pageOf } from '../../paging.ts';
import { AwsError, type Input, type Operation, type Output, type RecordedCall } from '../../types.ts';
import { dateIn, numberIn } from '../members.ts';

/** Writes that are data events: they stand in no event history. */
const DATA_EVENTS = ['PutObject', 'DeleteObject'];
/** Services without regions record their events in us-east-1. */
const GLOBAL = ['iam', 'sts', 'organizations', 'account'];
/** S3 calls that events name otherwise than the API does. */
const EVENT_NAMES: Record<string, string> = {
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  DeletePublicAccessBlock: 'DeleteBucketPublicAccessBlock',
  PutBucketLifecycleConfiguration: 'PutBucketLifecycle',
  PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
};
const MAX_RESULTS = 50;

export const lookupEvents: Operation = {
  quota: { class: 'lookup', perSecond: 2 },
  permissions: () => [{ action: 'cloudtrail:LookupEvents', resource: '*' }],
  handle({ estate, account, region }, input) {
    const size = numberIn(input, 'MaxResults') ?? MAX_RESULTS;
    if (!Number.isInteger(size) || size < 1 || size > MAX_RESULTS) {
      throw new AwsError('InvalidMaxResultsException', `MaxResults is 1 to ${MAX_RESULTS}.`);
    }
    const from = dateIn(input, 'StartTime');
    const to = dateIn(input, 'EndTime');
    if (from && to && from > to) throw new AwsError('InvalidTimeRangeException', 'The start is after the end.');
    const matches = attributeFilter(input);
    const events = estate.calls
      .filter((call) => call.account === account.id && regionRecorded(call) === region && !isRead(call))
      .filter((call) => (!from || call.at >= from) && (!to || call.at <= to) && matches(call))
      .toReversed()
      .map(eventOf);
    const invalid = new AwsError('InvalidNextTokenException', 'The NextToken is not valid.');
    const { items, next } = pageOf(events, input.NextToken, size, invalid);
    return { Events: items, NextToken: next };
  },
};

function attributeFilter(input: Input): (call: RecordedCall) => boolean {
  const [attribute, ...more] = recordsIn(input, 'LookupAttributes');
  if (!attribute) return () => true;
  const wanted = stringIn(attribute, 'AttributeValue') ?? '';
  const reads: Record<string, (call: RecordedCall) => string[]> = {
    EventId: (call) => [eventId(call)],
    EventName: (call) => [eventName(call)],
    EventSource: (call) => [eventSource(call)],
    ReadOnly: () => ['false'],
    Username: (call) => [userName(call)],
    ResourceName: (call) => texts(call.input),
    ResourceType: () => [],
    AccessKeyId: () => [],
  };
  const read = reads[stringIn(attribute, 'AttributeKey') ?? ''];
  if (!read || more.length > 0) {
    throw new AwsError('InvalidLookupAttributesException', 'One lookup attribute with a known key is possible.');
  }
  return (call) => read(call).includes(wanted);
}

function eventOf(call: RecordedCall): Output {
  const [, , , , accountId = ''] = call.caller.split(':');
  return {
    EventId: eventId(call),
    EventName: eventName(call),
    ReadOnly: 'false',
    EventTime: call.at,
    EventSource: eventSource(call),
    Username: userName(call),
    Resources: texts(call.input)
      .slice(0, 1)
      .map((name) => ({ ResourceName: name })),
    CloudTrailEvent: JSON.stringify({
      eventVersion: '1.11',
      userIdentity: {
        type: call.caller.includes(':assumed-role/') ? 'AssumedRole' : 'IAMUser',
        arn: call.caller,
        accountId,
        ...(call.sourceIdentity ? { sessionContext: { sourceIdentity: call.sourceIdentity } } : {}),
      },
      eventTime: call.at.toISOString(),
      eventSource: eventSource(call),
      eventName: eventName(call),
      awsRegion: regionRecorded(call),
      ...(call.error ? { errorCode: call.error } : {}),
      requestParameters: eventParameters(call.input),
      requestID: call.requestId,
      eventID: eventId(call),
      eventType: 'AwsApiCall',
      managementEvent: true,
      readOnly: false,
      recipientAccountId: call.account,
    }),
  };
}

/** An event has an id of its own beside that of the request. */
function eventId({ requestId }: RecordedCall): string {
  const hex = createHash('sha256').update(requestId).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
}

function regionRecorded(call: RecordedCall): string {
  return GLOBAL.includes(call.service) ? 'us-east-1' : call.region;
}

function isRead(call: RecordedCall): boolean {
  return (
    call.operation === '' ||
    DATA_EVENTS.includes(call.operation) ||
    /^(Get|List|Describe|Head|Lookup)/.test(call.operation)
  );
}

function eventName(call: RecordedCall): string {
  return call.service === 's3' ? (EVENT_NAMES[call.operation] ?? call.operation) : call.operation;
}

function eventSource(call: RecordedCall): string {
  return `${call.service}.amazonaws.com`;
}

function userName(call: RecordedCall): string {
  return call.caller.split('/').at(-1) ?? '';
}

/** Events write member names with a small first letter; S3 calls its bucket `bucketName`. */
function eventParameters(input: Input): Input {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name === 'Bucket' ? 'bucketName' : name.slice(0, 1).toLowerCase() + name.slice(1),
      value,
    ]),
  );
}

function texts(input: Input): string[] {
  return Object.values(input).filter((value) => typeof value === 'string');
}
