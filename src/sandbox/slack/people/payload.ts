import type { Outcome } from '../delivery/types.ts';
import { PersonError } from '../errors.ts';
import type { Dict } from '../json.ts';
import type { Site } from '../site.ts';
import type { Channel, Person } from '../types.ts';

/** What every interaction tells about who did it, where and in which app. */
export function interactionBase(site: Site, person: Person): Dict {
  const { team, app } = site.workspace;
  return {
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
    user: { id: person.id, username: person.name, name: person.name, team_id: team.id },
    api_app_id: app.id,
    token: site.verificationToken,
  };
}

/** Slack tells an app neither the name of a private channel nor that of a direct message. */
export function nameForApp(channel: Channel): string {
  if (channel.kind === 'im') return 'directmessage';
  return channel.is_private ? 'privategroup' : channel.name;
}

/** `&`, `<` and `>` never reach an app raw in what a person typed. */
export function escapeTyped(typed: string): string {
  return typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What the person is told when the app did not acknowledge. */
export function unanswered(site: Site, outcome: Outcome & { acked: false }): PersonError {
  const name = site.workspace.app.name;
  return outcome.reason === 'timeout'
    ? new PersonError('operation_timeout', `${name} did not respond in time.`)
    : new PersonError('dispatch_failed', `${name} could not be reached (${outcome.reason}).`);
}
