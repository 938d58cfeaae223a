import type { WebClient } from '@slack/web-api';
import type { Config } from '../config/config.ts';
import type { Directory } from '../fixes/people.ts';
import type { Fixes } from '../fixes/service.ts';
import type { Logger } from '../ops/logger.ts';
import type { Catalogue } from '../posture/catalogue.ts';
import type { Posture } from '../posture/runs.ts';
import type { Store } from '../store/store.ts';
import type { Access } from './access.ts';

/** What everything in this room works with; put together in one place. */
export interface SlackContext {
  config: Config;
  store: Store;
  /** Late: fixes need our directory, and we need fixes. */
  fixes(): Fixes;
  posture: Pick<Posture, 'request' | 'latest'>;
  catalogue: Catalogue;
  web: WebClient;
  directory: Directory;
  access: Access;
  logger: Logger;
  now(): Date;
}
