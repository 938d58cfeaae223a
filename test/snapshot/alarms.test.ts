import { describe, expect, test } from 'vitest';
import { DEMO_ACCOUNTS, key } from '../../src/sandbox/aws/index.ts';
import { regionOf } from '../../src/sandbox/aws/region.ts';
import type { Estate, RegionalState } from '../../src/sandbox/aws/types.ts';
import { demo, NOW } from './support.ts';

const { web } = DEMO_ACCOUNTS;
const PLACE = `${web}/us-east-1`;
const TOPIC = `arn:aws:sns:us-east-1:${web}:web-alerts`;
const HOUR = 3_600_000;

function inWeb({ accounts }: Estate, change: (state: RegionalState) => void): void {
  const account = accounts.get(web);
  if (account !== undefined) change(regionOf(account, 'us-east-1'));
}

function muteRule(name: string, startsAt: Date, endsAt: Date | undefined) {
  const arn = `arn:aws:cloudwatch:us-east-1:${web}:alarm-mute-rule:${name}`;
  return { name, arn, alarmNames: ['cloudtrail-changes'], startsAt, endsAt };
}

describe('mute rules', () => {
  test('are there with their alarms until they have ended', async () => {
    const hours = (count: number) => new Date(NOW.getTime() + count * HOUR);
    const { take } = await demo({
      change: (estate) =>
        inWeb(estate, ({ muteRules }) => {
          muteRules.set('over', muteRule('over', hours(-2), hours(-1)));
          muteRules.set('now', muteRule('now', hours(-1), hours(1)));
          muteRules.set('for-ever', muteRule('for-ever', hours(-1), undefined));
        }),
    });
    const { snapshot } = await take([web]);
    const part = snapshot['alarm.muteRules'][PLACE];
    const rules = part?.state === 'read' ? part.value : {};
    expect(Object.keys(rules).sort()).toEqual(['for-ever', 'now']);
    expect(rules.now).toMatchObject({ alarmNames: ['cloudtrail-changes'], endsAt: hours(1).toISOString() });
    expect(rules['for-ever']).not.toHaveProperty('endsAt');
  });

  test('that may not be listed are unknown, naming the action', async () => {
    const { take } = await demo({
      change: ({ knobs }) => knobs.denied.push({ account: web, action: 'cloudwatch:ListAlarmMuteRules' }),
    });
    const { snapshot } = await take([web]);
    expect(snapshot['alarm.muteRules'][PLACE]).toMatchObject({
      state: 'denied',
      action: 'cloudwatch:ListAlarmMuteRules',
    });
  });
});

describe('a topic', () => {
  test('with a key of its own brings the key, named by an ARN', async () => {
    const id = '0a11ce00-7777-4777-8777-70911c000000';
    const { take } = await demo({
      change(estate) {
        const account = estate.accounts.get(web);
        if (account !== undefined) key(estate, account, 'us-east-1', id);
        inWeb(estate, ({ topics }) => {
          const topic = topics.get('web-alerts');
          if (topic !== undefined) topic.kmsKeyId = id;
        });
      },
    });
    const { snapshot } = await take([web]);
    const arn = `arn:aws:kms:us-east-1:${web}:key/${id}`;
    expect(snapshot.topic[TOPIC]).toMatchObject({ value: { KmsMasterKeyId: arn } });
    expect(snapshot['key.policy'][arn]?.state).toBe('read');
  });

  test('that was deleted is absent', async () => {
    const { take } = await demo({
      change: (estate) => inWeb(estate, ({ topics }) => void topics.delete('web-alerts')),
    });
    const { snapshot } = await take([web]);
    expect(snapshot.topic[TOPIC]?.state).toBe('absent');
    expect(snapshot['topic.subscriptions'][TOPIC]?.state).toBe('absent');
  });
});
