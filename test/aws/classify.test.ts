import { expect, it } from 'vitest';
import { classify } from '../../src/aws/classify.ts';

function awsError(
  name: string,
  { status = 400, message = 'text', code }: { status?: number; message?: string; code?: string } = {},
) {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status }, ...(code && { code }) });
}

const DENIED = 'User: x is not authorized to perform: kms:DescribeKey on resource: y';

it.each([
  [awsError('AccessDeniedException', { message: DENIED }), { kind: 'denied', action: 'kms:DescribeKey', scp: false }],
  [
    awsError('AccessDenied', { status: 403, message: `${DENIED} with an explicit deny in a service control policy` }),
    { kind: 'denied', action: 'kms:DescribeKey', scp: true },
  ],
  [awsError('AccessDenied', { status: 403, message: 'Access Denied' }), { kind: 'denied', action: 's3:ListBucket' }],
  [awsError('Unknown', { status: 403, message: 'UnknownError' }), { kind: 'denied', action: 's3:ListBucket' }],
  [awsError('ExpiredToken', { status: 403 }), { kind: 'error', code: 'ExpiredToken' }],
  [awsError('NotFound', { status: 404 }), { kind: 'absent', code: 'NotFound' }],
  [awsError('NoSuchLifecycleConfiguration', { status: 404 }), { kind: 'absent', code: 'NoSuchLifecycleConfiguration' }],
  [awsError('TrailNotFoundException'), { kind: 'absent', code: 'TrailNotFoundException' }],
  [awsError('NoSuchEntityException', { status: 404 }), { kind: 'absent', code: 'NoSuchEntityException' }],
  [awsError('AWSOrganizationsNotInUseException'), { kind: 'absent', code: 'AWSOrganizationsNotInUseException' }],
  [awsError('InvalidAccessException', { status: 401 }), { kind: 'absent', code: 'InvalidAccessException' }],
  [awsError('ThrottlingException'), { kind: 'throttled' }],
  [awsError('TooManyRequestsException'), { kind: 'throttled' }],
  [awsError('SlowDown', { status: 503 }), { kind: 'throttled' }],
  [awsError('UnsupportedOperationException'), { kind: 'unsupported' }],
  [awsError('TimeoutError'), { kind: 'timeout' }],
  [
    Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
    { kind: 'network', message: 'read ECONNRESET' },
  ],
  [
    Object.assign(new AggregateError([new Error('refused ::1')]), { code: 'ECONNREFUSED' }),
    { kind: 'network', message: 'refused ::1' },
  ],
  [awsError('LimitExceeded'), { kind: 'error', code: 'LimitExceeded' }],
  ['a string', { kind: 'error', message: 'a string' }],
])('%s is %j', (error, expected) => {
  expect(classify(error, 's3:HeadBucket')).toMatchObject(expected);
});
