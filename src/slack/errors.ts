import { WebAPIPlatformError } from '@slack/web-api';
import { TrailCheckError } from '../ops/error.ts';

/** Slack could not be reached, or did not take what it was told. */
export class SlackUnavailable extends TrailCheckError {
  override readonly name = 'SlackUnavailable';
}

/** Slack's own name of an error (`channel_not_found`), where it answered with one. */
export function slackCode(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
}
