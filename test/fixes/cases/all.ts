import type { FixCase } from '../prove.ts';
import { ACCOUNT_CASES } from './account.ts';
import { ALARM_CASES } from './alarm.ts';
import { BUCKET_CASES } from './bucket.ts';
import { MORE_BUCKET_CASES } from './bucket-more.ts';
import { COVERAGE_CASES } from './coverage.ts';
import { DATA_EVENTS_CASES } from './data-events.ts';
import { KEY_CASES } from './key.ts';
import { LAKE_CASES } from './lake.ts';
import { LOG_GROUP_CASES } from './log-group.ts';
import { TOPIC_CASES } from './topic.ts';
import { TRAIL_CASES } from './trail.ts';
import { MORE_TRAIL_CASES } from './trail-more.ts';
import { WATCH_CASES } from './watch.ts';

export const ALL_CASES: readonly FixCase[] = [
  ...TRAIL_CASES,
  ...MORE_TRAIL_CASES,
  ...COVERAGE_CASES,
  ...DATA_EVENTS_CASES,
  ...LAKE_CASES,
  ...TOPIC_CASES,
  ...BUCKET_CASES,
  ...MORE_BUCKET_CASES,
  ...KEY_CASES,
  ...LOG_GROUP_CASES,
  ...ACCOUNT_CASES,
  ...WATCH_CASES,
  ...ALARM_CASES,
];
