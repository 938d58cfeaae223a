import * as apps from './apps.ts';
import type { Method } from './call.ts';
import * as chat from './chat.ts';
import * as conversations from './conversations.ts';
import * as files from './files.ts';
import * as users from './users.ts';
import * as views from './views.ts';

export const METHODS: Record<string, Method> = {
  'apps.connections.open': apps.openConnection,
  'auth.test': apps.authTest,
  'blocks.validate': apps.validateBlocks,
  'chat.delete': chat.remove,
  'chat.getPermalink': chat.getPermalink,
  'chat.postEphemeral': chat.postEphemeral,
  'chat.postMessage': chat.postMessage,
  'chat.update': chat.update,
  'conversations.history': conversations.history,
  'conversations.info': conversations.info,
  'conversations.list': conversations.listAll,
  'conversations.members': conversations.members,
  'conversations.open': conversations.open,
  'conversations.replies': conversations.replies,
  'files.completeUploadExternal': files.completeUpload,
  'files.getUploadURLExternal': files.getUploadUrl,
  'reactions.add': apps.addReaction,
  'usergroups.list': users.groups,
  'usergroups.users.list': users.groupUsers,
  'users.info': users.info,
  'users.list': users.listAll,
  'users.lookupByEmail': users.lookupByEmail,
  'views.open': views.open,
  'views.publish': views.publish,
  'views.push': views.push,
  'views.update': views.update,
};
