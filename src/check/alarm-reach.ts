import type { Alarm, Snapshot } from '../snapshot/types.ts';
import { compositesAbove } from './alarms.ts';
import { type Judgement, partOf, unknownBecause } from './check.ts';

/** Does somebody hear of it? `silent` says why not, in words that finish "the alarm …". */
export type Reach =
  | { state: 'reaches' }
  | { state: 'unknown'; because: Judgement }
  | { state: 'silent'; faults: string[] };

export const REACHES: Reach = { state: 'reaches' };

export function silent(...faults: string[]): Reach {
  return { state: 'silent', faults };
}

/** One way is enough; where none is known to be, what could not be read comes before what is wrong. */
export function anyReach(reaches: readonly Reach[]): Reach {
  const open = reaches.find(({ state }) => state === 'reaches') ?? reaches.find(({ state }) => state === 'unknown');
  if (open !== undefined) return open;
  return silent(...new Set(reaches.flatMap((reach) => (reach.state === 'silent' ? reach.faults : []))));
}

/** An alarm by its own actions, each judged by `reachOf`. */
export function ownReach(alarm: Alarm, reachOf: (action: string) => Reach): Reach {
  if (!alarm.ActionsEnabled) return silent('has its actions switched off');
  if (alarm.AlarmActions.length === 0) return silent('has no action for the ALARM state');
  return anyReach(alarm.AlarmActions.map(reachOf));
}

/** An alarm by its own actions, or by those of a composite alarm above it. */
export function reachOfAlarm(
  alarms: { readonly [name: string]: Alarm },
  alarm: Alarm,
  judge: (alarm: Alarm) => Reach,
): Reach {
  const own = judge(alarm);
  if (own.state === 'reaches') return own;
  const above = compositesAbove(alarms, alarm)
    .map(judge)
    .filter(({ state }) => state !== 'silent');
  return anyReach([...above, own]);
}

/** Kind of an action by its ARN: `sns`, `lambda`, `ssm-incidents`, … */
export function actionKind(action: string): string {
  return action.split(':')[2] ?? '';
}

/** Has the topic a confirmed subscription? SNS names the others `PendingConfirmation` or `Deleted`. */
export function subscribersOf(snapshot: Pick<Snapshot, 'topic.subscriptions'>, topic: string): Reach {
  const part = partOf(snapshot['topic.subscriptions'], topic);
  if (part.state === 'absent') return silent(`leads to the topic ${topic}, which does not exist`);
  if (part.state !== 'read') return { state: 'unknown', because: unknownBecause(part, { topic }) };
  if (part.value.some(({ SubscriptionArn }) => SubscriptionArn.startsWith('arn:'))) return REACHES;
  const waiting = part.value.map(({ Endpoint }) => Endpoint);
  return waiting.length === 0
    ? silent(`leads to the topic ${topic}, which nobody has subscribed to`)
    : silent(`leads to the topic ${topic}, where ${waiting.join(', ')} never confirmed`);
}
