import type { Dict } from './json.ts';

export type Role = 'requester' | 'approver' | 'approver2' | 'guest';

export type Person = {
  id: string;
  name: string;
  real_name: string;
  role: Role;
  title: string;
  email: string;
  is_restricted: boolean;
  /** Deactivated. */
  deleted?: boolean;
  is_bot?: boolean;
  /** Another company's, met in a shared channel. */
  is_stranger?: boolean;
  /** Another team's than that of the workspace. */
  team_id?: string;
  /** The workspaces of an organization that the person is in. */
  enterprise_user?: { enterprise_id: string; teams: string[] };
};

/** `im` is the direct message channel between the bot and `members[0]`. */
export type Channel = {
  id: string;
  name: string;
  kind: 'channel' | 'im';
  is_private: boolean;
  members: string[];
};

export type UserGroup = { id: string; handle: string; name: string; users: string[] };

export type Message = {
  ts: string;
  thread_ts?: string;
  channel: string;
  user: string;
  username: string;
  is_bot: boolean;
  text: string;
  blocks?: Dict[];
  attachments?: Dict[];
  metadata?: Dict;
  /** The only person who sees it; such a message is in no history and cannot be updated by `chat.update`. */
  ephemeral_to?: string;
  edited?: { user: string; ts: string };
  /** A root that was deleted while it had replies: Slack keeps a tombstone for them. */
  deleted?: true;
  reply_count?: number;
  reactions?: { name: string; users: string[] }[];
};

/** Input values by block id and action id, in the shape Slack sends (`{type, selected_option}` and so on). */
export type StateValues = Record<string, Record<string, Dict>>;

/** A modal or a Home tab as Slack keeps it; everything but `user` and `values` is sent to the app. */
export type StoredView = {
  id: string;
  type: 'modal' | 'home';
  user: string;
  hash: string;
  root_view_id: string;
  previous_view_id: string | null;
  /** As the app gave it, block ids filled in. */
  definition: Dict;
  values: StateValues;
};

export type StoredFile = {
  id: string;
  name: string;
  title: string;
  size: number;
  user: string;
  uploaded: boolean;
  complete: boolean;
};

/** Where a click came from, and what a response URL may replace. */
export type ResponseUrl = {
  channel: string;
  user: string;
  original_ts?: string;
  uses: number;
  created: number;
};

export type Trigger = { user: string; created: number; used: boolean };

/** Everything that one simulated workspace holds. Times are milliseconds of `now()`. */
export type Workspace = {
  team: { id: string; name: string; domain: string };
  app: { id: string; botUser: string; botId: string; name: string };
  now: () => number;
  people: Person[];
  channels: Channel[];
  groups: UserGroup[];
  commands: { command: string; description: string; usage_hint: string }[];
  messages: Map<string, Message[]>;
  messageState: Map<string, StateValues>;
  views: Map<string, StoredView>;
  modals: Map<string, string[]>;
  homes: Map<string, string>;
  files: Map<string, StoredFile>;
  triggers: Map<string, Trigger>;
  responseUrls: Map<string, ResponseUrl>;
  /** Counts every change, so that a page knows when to fetch again. */
  seq: number;
  watchers: Set<(seq: number) => void>;
  lastTs: number;
  lastId: number;
};
