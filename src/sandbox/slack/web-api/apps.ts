import { SlackError } from '../errors.ts';
import { isDict } from '../json.ts';
import { messageProblems, viewProblems } from '../limits/surfaces.ts';
import { changed, findMessage } from '../workspace.ts';
import { channelArgument, type Method, required, requireMembership, structured } from './call.ts';

export const authTest: Method = ({ site }) => {
  const { team, app } = site.workspace;
  return {
    url: `${site.url}/`,
    team: team.name,
    user: app.name,
    team_id: team.id,
    user_id: app.botUser,
    bot_id: app.botId,
    app_id: app.id,
    is_enterprise_install: false,
  };
};

export const openConnection: Method = ({ site }) => ({ url: site.issueSocketUrl() });

/** Says what is wrong with exactly one of `blocks`, `message`, `view`, each problem with its JSON pointer. */
export const validateBlocks: Method = ({ args }) => {
  const given = (['blocks', 'message', 'view'] as const).filter((name) => args[name] !== undefined);
  const [kind] = given;
  if (kind === undefined || given.length > 1) throw new SlackError('invalid_arguments');
  const value = structured(args, kind, `invalid_${kind}`);
  const message = kind === 'message' && isDict(value) ? value : { blocks: value };
  const problems = kind === 'view' ? viewProblems(value) : messageProblems(message.blocks, message.attachments);
  if (problems.length > 0) throw new SlackError(`invalid_${kind}`, { errors: problems });
  return {};
};

export const addReaction: Method = (call) => {
  const { workspace } = call.site;
  const channel = channelArgument(call);
  requireMembership(call, channel);
  const message = findMessage(workspace, channel.id, required(call.args, 'timestamp'));
  if (!message || message.ephemeral_to !== undefined) throw new SlackError('message_not_found');
  const name = required(call.args, 'name').replaceAll(':', '');
  const bot = workspace.app.botUser;
  const known = message.reactions?.find((reaction) => reaction.name === name);
  if (known?.users.includes(bot)) throw new SlackError('already_reacted');
  if (known) known.users.push(bot);
  else message.reactions = [...(message.reactions ?? []), { name, users: [bot] }];
  changed(workspace);
  return {};
};
