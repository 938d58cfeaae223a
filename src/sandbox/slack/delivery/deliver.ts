import { takeFault } from '../faults.ts';
import { type Dict, dict, dicts, text } from '../json.ts';
import type { Site } from '../site.ts';
import { nextId } from '../workspace.ts';
import { ACK_TIMEOUT_MS, type Envelope, type Outcome } from './types.ts';

/** Slack's retries of an event: at once, after a minute, after five. */
const RETRY_DELAYS_MS = [0, 60_000, 300_000];
const KEPT_ACKS = 10_000;

/** Sends one command or interaction, remembers it for a resend, and records how fast it was acknowledged. */
export async function deliverInteraction(site: Site, envelope: Envelope): Promise<Outcome> {
  site.lastInteraction = envelope;
  return send(site, envelope);
}

/** Delivers the last command or interaction once more, byte for byte the same payload: a replayed click. */
export async function resend(site: Site): Promise<Outcome | undefined> {
  return site.lastInteraction && send(site, site.lastInteraction);
}

/** Sends an event; unacknowledged ones are tried again, up to three times. Does not wait. */
export function deliverEvent(site: Site, event: Dict): void {
  const { workspace } = site;
  const payload = {
    token: site.verificationToken,
    team_id: workspace.team.id,
    api_app_id: workspace.app.id,
    event,
    type: 'event_callback',
    event_id: nextId(workspace, 'Ev'),
    event_time: Math.floor(workspace.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: workspace.team.id,
        user_id: workspace.app.botUser,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  };
  void attempt(site, { kind: 'events_api', payload });
}

async function attempt(site: Site, envelope: Envelope): Promise<void> {
  const outcome = await send(site, envelope);
  const made = envelope.retry?.attempt ?? 0;
  const delay = RETRY_DELAYS_MS[made];
  if (outcome.acked || delay === undefined) return;
  const reason = outcome.reason === 'timeout' ? 'timeout' : 'http_error';
  const timer = setTimeout(() => {
    site.retries.delete(timer);
    void attempt(site, { ...envelope, retry: { attempt: made + 1, reason } });
  }, delay);
  timer.unref();
  site.retries.add(timer);
}

async function send(site: Site, envelope: Envelope): Promise<Outcome> {
  const at = site.workspace.now();
  const sent = site.transport.send(envelope);
  // The app gets it and works on, while the person is told at once what they would be told after three seconds.
  const impatient = takeFault(site.faults, 'no-ack-wait') !== undefined;
  const outcome: Outcome = impatient ? { acked: false, reason: 'timeout', ms: ACK_TIMEOUT_MS } : await sent;
  site.acks.push({
    at,
    kind: envelope.kind,
    type: typeOf(envelope),
    ms: outcome.ms,
    acked: outcome.acked,
    ...(outcome.acked ? {} : { reason: outcome.reason }),
  });
  if (site.acks.length > KEPT_ACKS) site.acks.shift();
  return outcome;
}

function typeOf({ kind, payload }: Envelope): string {
  if (kind === 'slash_commands') return text(payload.command);
  if (kind === 'events_api') return text(dict(payload.event).type);
  const [action] = dicts(payload.actions);
  return [text(payload.type), text(action?.action_id)].filter((part) => part !== '').join(' ');
}
