import { randomBytes } from 'node:crypto';
import { SlackError } from './errors.ts';
import type { Trigger, Workspace } from './types.ts';

const TRIGGER_LIFE_MS = 3000;

/** A fresh trigger id for what a person just did; good for one view within three seconds. */
export function createTrigger(workspace: Workspace, user: string): string {
  const at = workspace.now();
  const id = `${Math.floor(at / 1000)}${workspace.triggers.size}.${workspace.team.id}.${randomBytes(16).toString('hex')}`;
  workspace.triggers.set(id, { user, created: at, used: false });
  return id;
}

/** Looks whether a trigger may still be exchanged, without exchanging it: a refused view leaves it usable. */
export function requireTrigger(workspace: Workspace, id: string): Trigger {
  const trigger = workspace.triggers.get(id);
  if (!trigger) throw new SlackError('invalid_trigger_id');
  if (trigger.used) throw new SlackError('exchanged_trigger_id');
  if (workspace.now() - trigger.created > TRIGGER_LIFE_MS) throw new SlackError('expired_trigger_id');
  return trigger;
}
