import type { Logger } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Config } from '../config/config.ts';

/** Of every call, in milliseconds: Slack's client would wait for ever. */
const TIMEOUT_MS = 10_000;

export interface Clients {
  /** For questions and modals: a person waits, so it is tried again quickly or not at all. */
  web: WebClient;
  /** For messages: never tries again by itself, because a post whose answer was lost would be posted twice. */
  delivery: WebClient;
}

export function createClients(config: Config, botToken: string, logger: Logger): Clients {
  const options = { ...clientOptions(config), logger };
  return {
    web: new WebClient(botToken, {
      ...options,
      timeout: TIMEOUT_MS,
      rejectRateLimitedCalls: true,
      retryConfig: { retries: 2, minTimeout: 150, maxTimeout: 600 },
    }),
    delivery: new WebClient(botToken, {
      ...options,
      timeout: TIMEOUT_MS,
      rejectRateLimitedCalls: true,
      retryConfig: { retries: 0 },
    }),
  };
}

/** A new object for each user: Socket Mode and the Web client write into the one they are given. */
export function clientOptions({ slack }: Config): WebClientOptions {
  if (slack.apiUrl === undefined) return {};
  return { slackApiUrl: slack.apiUrl.endsWith('/') ? slack.apiUrl : `${slack.apiUrl}/` };
}
