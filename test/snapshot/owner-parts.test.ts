import { expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_LOG_GROUPS, DEMO_TRAILS, DEMO_WEB_KEY } from '../../src/sandbox/aws/estates/demo.ts';
import { OWNER_PARTS } from '../../src/snapshot/owner-parts.ts';
import { accountIn, keyIn, topicIn, trailIn } from '../fixes/estate.ts';
import { called, demo } from './support.ts';

const { web } = DEMO_ACCOUNTS;
const STACK = { 'aws:cloudformation:stack-name': 'audit' };

test('the tags of a trail, its key, its log group, its topic and its role are read, each by one call', async () => {
  const { take, newCalls } = await demo({
    change: (estate) => {
      keyIn(estate, DEMO_WEB_KEY).tags = STACK;
      const account = accountIn(estate, web);
      const group = account.regional.get('us-east-1')?.logGroups.get('cloudtrail/web-alarms');
      if (group) group.tags = STACK;
      topicIn(estate, web, 'us-east-1').tags = STACK;
      trailIn(estate, DEMO_TRAILS.web).topicArn = topicIn(estate, web, 'us-east-1').arn;
      const role = account.roles.get('CloudTrailToCloudWatchLogs');
      if (role) role.tags = STACK;
    },
  });
  const parts = [...OWNER_PARTS, 'key', 'logGroup', 'topic', 'iam.role'] as const;
  const { snapshot } = await take([web], { parts: [...parts] });
  expect(snapshot['key.tags'][DEMO_WEB_KEY]).toEqual({ state: 'read', value: STACK });
  expect(snapshot['logGroup.tags'][DEMO_LOG_GROUPS.web]).toEqual({ state: 'read', value: STACK });
  expect(Object.values(snapshot['topic.tags'])).toEqual([{ state: 'read', value: STACK }]);
  expect(snapshot['iam.role'][`${web}/CloudTrailToCloudWatchLogs`]).toMatchObject({ value: { tags: STACK } });
  const calls = newCalls();
  expect(called(calls, 'kms:ListResourceTags')).toHaveLength(1);
  expect(called(calls, 'logs:ListTagsForResource')).toHaveLength(1);
  expect(called(calls, 'sns:ListTagsForResource')).toHaveLength(1);
});
