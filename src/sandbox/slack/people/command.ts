import { deliverInteraction } from '../delivery/deliver.ts';
import { PersonError, SlackError } from '../errors.ts';
import { dict, isDict } from '../json.ts';
import { requireValidMessage } from '../limits/surfaces.ts';
import { answer, createResponseUrl } from '../response-url.ts';
import type { Site } from '../site.ts';
import { createTrigger } from '../triggers.ts';
import type { Channel, Person } from '../types.ts';
import { slackbotSays } from '../workspace.ts';
import { escapeTyped, nameForApp, unanswered } from './payload.ts';

/** A person types `/trail-check prod`. What the app answers in its acknowledgement shows to them alone. */
export async function runCommand(site: Site, person: Person, channel: Channel, typed: string): Promise<void> {
  const { workspace } = site;
  const [command = '', ...rest] = typed.trim().split(/(?<=^\S+)\s+/);
  if (!workspace.commands.some((known) => known.command === command)) {
    const message = `${command} is not a valid command.`;
    slackbotSays(workspace, channel.id, person.id, message);
    throw new PersonError('invalid_command', message);
  }
  const outcome = await deliverInteraction(site, {
    kind: 'slash_commands',
    payload: {
      token: site.verificationToken,
      team_id: workspace.team.id,
      team_domain: workspace.team.domain,
      channel_id: channel.id,
      channel_name: nameForApp(channel),
      user_id: person.id,
      user_name: person.name,
      command,
      text: escapeTyped(rest.join(' ')),
      api_app_id: workspace.app.id,
      is_enterprise_install: 'false',
      response_url: site.url + createResponseUrl(workspace, person.id, channel.id),
      trigger_id: createTrigger(workspace, person.id),
    },
  });
  if (!outcome.acked) {
    const failure = unanswered(site, outcome);
    throw failed(site, person, channel, command, failure.code);
  }
  const body = isDict(outcome.body) ? outcome.body : { text: outcome.body };
  try {
    requireValidMessage(body.blocks, body.attachments, false);
  } catch (error) {
    if (error instanceof SlackError) throw failed(site, person, channel, command, 'invalid_command_response');
    throw error;
  }
  answer(workspace, { channel: channel.id, user: person.id }, dict(body));
}

function failed(site: Site, person: Person, channel: Channel, command: string, code: string): PersonError {
  const message = `${command} failed with the error "${code}"`;
  slackbotSays(site.workspace, channel.id, person.id, message);
  return new PersonError(code, message);
}
