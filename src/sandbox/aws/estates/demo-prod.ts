/** The two accounts of prod in the demo estate. */
import {
  alarm,
  bucket,
  deliveryStatements,
  eventDataStore,
  key,
  keyDelivery,
  logDelivery,
  logGroup,
  metricFilter,
  policy,
  recorder,
  role,
  topic,
  trail,
} from '../builders.ts';
import type { Account, Estate } from '../types.ts';
import { DEMO_BUCKETS, DEMO_STORE, DEMO_TRAILS, DEMO_WEB_KEY, idOf } from './demo-names.ts';

const DAY = 24 * 3_600_000;
export const CLOUDTRAIL_CHANGES =
  '{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StartLogging) || ($.eventName = StopLogging) }';

/** The trail is right; its key never changes, the only alarm on it is switched off, its one subscriber never confirmed. */
export function addWeb(estate: Estate, web: Account): void {
  const group = logGroup(estate, web, 'us-east-1', 'cloudtrail/web-alarms');
  const name = 'CloudTrail changes <!channel> 🚨';
  metricFilter(group, name, CLOUDTRAIL_CHANGES, { name: 'CloudTrailChanges', namespace: 'Acme' });
  const alerts = topic(estate, web, 'us-east-1', 'web-alerts');
  alerts.subscriptions.push({
    arn: `${alerts.arn}:5e7f1c1c-0000-4000-8000-000000000001`,
    protocol: 'email',
    endpoint: 'web-oncall@example.com',
    confirmed: false,
  });
  alarm(estate, web, 'us-east-1', name, {
    Namespace: 'Acme',
    MetricName: 'CloudTrailChanges',
    AlarmActions: [alerts.arn],
    ActionsEnabled: false,
  });
  key(estate, web, 'us-east-1', idOf(DEMO_WEB_KEY), {
    policy: keyDelivery(web, DEMO_TRAILS.web),
    rotation: false,
  });
  trail(estate, web, {
    name: 'web-alarms',
    bucket: DEMO_BUCKETS.archive,
    prefix: 'web',
    kmsKeyId: DEMO_WEB_KEY,
    ...logDelivery(web, group),
    tags: { team: 'web', note: '‮ *bold* _it_ `code` ~no~' },
  });
  const fullAccess = 'arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess';
  role(web, 'deploy-bot', { attached: [fullAccess], tags: { owner: 'web' } });
  role(web, 'AWSReservedSSO_PlatformAdmin_0123456789abcdef', {
    path: '/aws-reserved/sso.amazonaws.com/',
    attached: [fullAccess],
  });
  // Begun by hand, never finished: one region, delivering nowhere.
  recorder(web, 'us-east-1');
}

/** A trail left over from before the organization trail, and an event data store that nobody gave a key. */
export function addData(estate: Estate, data: Account): void {
  const { legacy } = DEMO_BUCKETS;
  const stopped = new Date(estate.now().getTime() - 40 * DAY);
  trail(estate, data, {
    name: 'legacy-data-trail',
    homeRegion: 'eu-west-1',
    bucket: legacy,
    multiRegion: false,
    logging: false,
    createdAt: new Date(stopped.getTime() - 400 * DAY),
    startedAt: new Date(stopped.getTime() - 400 * DAY),
    stoppedAt: stopped,
    tags: { team: 'data' },
  });
  bucket(estate, data, legacy, {
    region: 'eu-west-1',
    versioning: 'Enabled',
    publicAccessBlock: undefined,
    policy: policy(...deliveryStatements(legacy, DEMO_TRAILS.legacy, [`AWSLogs/${data.id}/*`]), {
      Sid: 'AuditorsReadOnly',
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${legacy}/*`,
    }),
  });
  eventDataStore(estate, data, 'data-investigations', { arn: DEMO_STORE });
}
