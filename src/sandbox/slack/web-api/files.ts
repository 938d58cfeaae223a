import { SlackError } from '../errors.ts';
import { type Dict, dicts, optionalText, text } from '../json.ts';
import type { StoredFile } from '../types.ts';
import { botMessage, nextId } from '../workspace.ts';
import { type Call, channelArgument, type Method, required, structured } from './call.ts';

export const getUploadUrl: Method = ({ site, args }) => {
  const size = Number(required(args, 'length'));
  if (!Number.isInteger(size) || size <= 0) throw new SlackError('invalid_arguments');
  const name = required(args, 'filename');
  const id = nextId(site.workspace, 'F');
  const user = site.workspace.app.botUser;
  site.workspace.files.set(id, { id, name, title: name, size, user, uploaded: false, complete: false });
  return { upload_url: `${site.url}/upload/${id}`, file_id: id };
};

/** Shares the files in a channel, with a comment as the message's text, or keeps them for an image block. */
export const completeUpload: Method = (call) => {
  const { site, args } = call;
  const entries = dicts(structured(args, 'files', 'invalid_arguments'));
  if (entries.length === 0) throw new SlackError('invalid_arguments');
  const files = entries.map((entry) => completed(call, entry));
  const shared = optionalText(args.channel_id) ?? optionalText(args.channels);
  if (shared !== undefined) {
    const channel = channelArgument({ site, args: { channel: shared } });
    const thread = optionalText(args.thread_ts);
    botMessage(site.workspace, channel.id, {
      text: [text(args.initial_comment), ...files.map(({ title }) => `📄 ${title}`)].filter(Boolean).join('\n'),
      ...(thread === undefined ? {} : { thread_ts: thread }),
    });
  }
  return { files: files.map(({ id, title, name, size }) => ({ id, title, name, size })) };
};

function completed({ site }: Call, entry: Dict): StoredFile {
  const file = site.workspace.files.get(text(entry.id));
  if (!file?.uploaded || file.complete) throw new SlackError('file_not_found');
  file.title = optionalText(entry.title) ?? file.name;
  file.complete = true;
  return file;
}
