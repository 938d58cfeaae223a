import { WebAPIHTTPError, WebAPIRateLimitedError } from '@slack/web-api';
import { describeError } from '../../ops/error.ts';
import { slackCode } from '../errors.ts';

/** What a failed call to Slack means for the message. */
export type Failure =
  /** Slack asks to wait this long, in milliseconds. */
  | { kind: 'limited'; wait: number }
  /** Slack does not take these blocks: our fault. The text alone may still go. */
  | { kind: 'blocks'; error: string }
  /** Somebody deleted the message that was to be updated: nobody sees an older state of it. */
  | { kind: 'deleted' }
  /** It helps only if people do something: the channel is archived or gone, the bot is not in it. */
  | { kind: 'refused'; error: string }
  /** The token does not work at the moment; nothing is lost, it is said once it does. */
  | { kind: 'locked-out'; error: string }
  /** No answer, or none that says so: it may have arrived or not. */
  | { kind: 'unsure'; error: string };

const BLOCKS = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'invalid_attachments']);
const LOCKED_OUT = new Set([
  'invalid_auth',
  'not_authed',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'missing_scope',
  'access_denied',
  'two_factor_setup_required',
]);
const UNSURE = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);

const DELETED = new Set(['message_not_found', 'thread_not_found']);

export function failureOf(error: unknown): Failure {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'limited', wait: error.retryAfter * 1000 };
  const code = slackCode(error);
  if (code === undefined) {
    const status = error instanceof WebAPIHTTPError ? error.statusCode : undefined;
    const text = describeError(error);
    return status !== undefined && status >= 400 && status < 500
      ? { kind: 'refused', error: text }
      : { kind: 'unsure', error: text };
  }
  if (code === 'ratelimited' || code === 'rate_limited') return { kind: 'limited', wait: 5_000 };
  if (BLOCKS.has(code)) return { kind: 'blocks', error: code };
  if (LOCKED_OUT.has(code)) return { kind: 'locked-out', error: code };
  if (DELETED.has(code)) return { kind: 'deleted' };
  if (UNSURE.has(code)) return { kind: 'unsure', error: code };
  return { kind: 'refused', error: code };
}
