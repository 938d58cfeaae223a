import type { Tx } from '../../store/store.ts';
import type { FixesContext } from '../context.ts';

/** What the others are told about a person's one-time codes. */
export type StepUpEvent = 'enrolled' | 'enrolled-again' | 'reset' | 'locked';

export interface StepUpNotice {
  event: StepUpEvent;
  /** Whose codes. */
  user: string;
  /** Who did it. */
  by: string;
}

/** Says it in the audit channel, or the usual one: a stolen session must not set up codes unseen. */
export async function tellStepUp(
  { config }: Pick<FixesContext, 'config'>,
  tx: Tx,
  { event, user, by }: StepUpNotice,
): Promise<void> {
  const channel = config.audit.channel ?? config.slack.channel;
  if (channel === undefined) return;
  const key = `step-up:${event}:${user}:${tx.at.getTime()}`;
  await tx.say({ key, channel, subject: { kind: 'step-up', id: `${event}:${user}:${by}` } });
}

const EVENTS: readonly StepUpEvent[] = ['enrolled', 'enrolled-again', 'reset', 'locked'];

/** Reads the subject of such a message. */
export function parseStepUpNotice(id: string): StepUpNotice | undefined {
  const [named, user, by] = id.split(':');
  const event = EVENTS.find((each) => each === named);
  return event === undefined || user === undefined || by === undefined ? undefined : { event, user, by };
}
