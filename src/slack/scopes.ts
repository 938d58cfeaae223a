/** What the bot may do in a workspace, as deploy/slack-manifest.json asks for it. */
export const BOT_SCOPES: readonly string[] = [
  'commands',
  'chat:write',
  'chat:write.public',
  'channels:read',
  'channels:history',
  'groups:read',
  'groups:history',
  'im:write',
  'im:history',
  'metadata.message:read',
  'users:read',
  'users:read.email',
  'usergroups:read',
];
