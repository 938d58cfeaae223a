import { randomBytes } from 'node:crypto';
import { withIds } from './blocks.ts';
import { SlackError } from './errors.ts';
import { type Dict, dicts, optionalText, text } from './json.ts';
import { requireValidMessage } from './limits/surfaces.ts';
import type { Message, ResponseUrl, Workspace } from './types.ts';
import { botMessage, changed, findMessage, nextId, nextTs, removeMessage } from './workspace.ts';

const LIFE_MS = 30 * 60_000;
const USES = 5;

/** A path that takes messages for this channel; `originalTs` is what `replace_original` and `delete_original` mean. */
export function createResponseUrl(workspace: Workspace, user: string, channel: string, originalTs?: string): string {
  const id = randomBytes(12).toString('hex');
  const original = originalTs === undefined ? {} : { original_ts: originalTs };
  workspace.responseUrls.set(id, { channel, user, uses: 0, created: workspace.now(), ...original });
  return `/response/${workspace.team.id}/${id}`;
}

/** Handles one POST to a response URL. Throws `expired_url` or `used_url`, as Slack answers with 404. */
export function useResponseUrl(workspace: Workspace, id: string, body: Dict): void {
  const target = workspace.responseUrls.get(id);
  if (!target || workspace.now() - target.created > LIFE_MS) throw new SlackError('expired_url');
  if (target.uses >= USES) throw new SlackError('used_url');
  requireValidMessage(body.blocks, body.attachments, false);
  target.uses += 1;
  const original = findMessage(workspace, target.channel, target.original_ts ?? '');
  if (body.delete_original === true) {
    if (original) removeMessage(workspace, original);
    return;
  }
  if (body.replace_original === true && original) replaceOriginal(workspace, original, body);
  else answer(workspace, target, body);
}

/** The message that an answer to a command or a response URL stands for; nothing where it says nothing. */
export function answer(
  workspace: Workspace,
  target: Pick<ResponseUrl, 'channel' | 'user'>,
  body: Dict,
): Message | undefined {
  const content = contentOf(workspace, body);
  if (content.text === '' && !content.blocks && !content.attachments) return undefined;
  const thread = optionalText(body.thread_ts);
  return botMessage(workspace, target.channel, {
    ...content,
    ...(thread === undefined ? {} : { thread_ts: thread }),
    ...(body.response_type === 'in_channel' ? {} : { ephemeral_to: target.user }),
  });
}

/** Text, blocks and attachments of an answer, ids filled in. */
export function contentOf(workspace: Workspace, body: Dict): Pick<Message, 'text' | 'blocks' | 'attachments'> {
  const makeId = () => nextId(workspace, 'b');
  const blocks = withIds(dicts(body.blocks), makeId);
  const attachments = dicts(body.attachments).map((attachment) =>
    attachment.blocks === undefined ? attachment : { ...attachment, blocks: withIds(dicts(attachment.blocks), makeId) },
  );
  return {
    text: text(body.text),
    ...(blocks.length > 0 ? { blocks } : {}),
    ...(attachments.length > 0 ? { attachments } : {}),
  };
}

function replaceOriginal(workspace: Workspace, original: Message, body: Dict): void {
  delete original.blocks;
  delete original.attachments;
  Object.assign(original, contentOf(workspace, body));
  if (original.ephemeral_to === undefined) {
    original.edited = { user: workspace.app.botUser, ts: nextTs(workspace) };
  }
  changed(workspace);
}
