import { CannotEnter } from './errors.ts';
import { actionNames } from './permissions.ts';

/** What became of a call that failed, the same for every protocol. */
export type Failure =
  | { kind: 'denied'; action?: string; scp: boolean; message: string }
  | { kind: 'unreachable'; account: string; message: string }
  | { kind: 'absent'; code: string }
  | { kind: 'throttled'; message: string }
  | { kind: 'unsupported'; message: string }
  | { kind: 'network'; message: string }
  | { kind: 'timeout'; message: string }
  | { kind: 'error'; code: string; message: string };

const DENIED =
  /^(AccessDenied(Exception)?|AuthorizationError(Exception)?|UnauthorizedOperation|NotAuthorized(Exception)?|InsufficientDependencyServiceAccessPermissionException|AllAccessDisabled)$/;

/** Who we are is in question, not what we may; some of these come with status 403. */
const IDENTITY =
  /^(ExpiredToken(Exception)?|InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException|AuthFailure|IncompleteSignature(Exception)?|RequestTimeTooSkewed|CredentialsProviderError)$/;

const THROTTLED =
  /^(Throttl\w*|TooManyRequests\w*|RequestLimitExceeded|RequestThrottled\w*|SlowDown|BandwidthLimitExceeded|PriorRequestNotComplete|EC2ThrottledException)$/;

/** Security Hub says InvalidAccessException, with status 401, of an account that is not subscribed. */
const ABSENT =
  /^(NotFound(Exception)?|ResourceNotFound(Exception)?|TrailNotFoundException|EventDataStoreNotFoundException|InsightNotEnabledException|InvalidAccessException|AWSOrganizationsNotInUseException|ObjectLockConfigurationNotFoundError|OwnershipControlsNotFoundError|ServerSideEncryptionConfigurationNotFoundError|ReplicationConfigurationNotFoundError|PolicyNotFoundException|NoSuch\w+)$/;

const UNSUPPORTED =
  /^(Unsupported\w*|UnknownOperationException|InvalidAction|OptInRequired|OperationNotPermittedException|NotImplemented)$/;

/** Name of the error of a write that got no answer. */
export const ANSWER_LOST = 'AnswerLost';

const NETWORK = /^(ECONN\w+|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ERR_TLS\w*|CERT_\w+|\w*_CERT\w*)$/;

interface AwsErrorParts {
  name: string;
  code: string;
  message: string;
  status: number;
}

/** Names the kind of a failed call. `operation` says which action a bare "Access Denied" (S3 gives no more) was about. */
export function classify(error: unknown, operation?: string): Failure {
  if (error instanceof CannotEnter) return { kind: 'unreachable', account: error.account, message: error.reason };
  const { name, code, message, status } = partsOf(error);
  if (THROTTLED.test(name) || status === 429) return { kind: 'throttled', message };
  if (IDENTITY.test(name)) return { kind: 'error', code: name, message };
  if (ABSENT.test(name)) return { kind: 'absent', code: name };
  if (DENIED.test(name) || status === 401 || status === 403) return denied(message, operation);
  // HEAD answers have no body and so no code.
  if (status === 404) return { kind: 'absent', code: 'NotFound' };
  if (UNSUPPORTED.test(name)) return { kind: 'unsupported', message };
  if (name === 'TimeoutError' || code === 'ETIMEDOUT') return { kind: 'timeout', message };
  if (NETWORK.test(code) || name === ANSWER_LOST) return { kind: 'network', message: message || code };
  return { kind: 'error', code: name, message };
}

function denied(message: string, operation: string | undefined): Failure {
  const told = /not authorized to perform:?\s+([a-z0-9-]+:\w+)/i.exec(message)?.[1];
  const action = told ?? (operation === undefined ? undefined : actionNames(operation)[0]);
  const scp = /(service|resource) control policy/i.test(message);
  return { kind: 'denied', scp, message, ...(action !== undefined && { action }) };
}

function partsOf(error: unknown): AwsErrorParts {
  if (!(error instanceof Error)) return { name: 'Unknown', code: '', message: String(error), status: 0 };
  const metadata = '$metadata' in error && typeof error.$metadata === 'object' ? error.$metadata : null;
  const status = metadata && 'httpStatusCode' in metadata ? Number(metadata.httpStatusCode ?? 0) : 0;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Several addresses tried at once fail as an AggregateError without a message.
  const first = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0].message : '';
  return { name: error.name, code, message: error.message || first, status };
}
