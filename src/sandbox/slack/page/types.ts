import type {
  AnyBlock,
  Block,
  KnownBlock,
  MessageAttachment,
  Option,
  PlainTextElement,
  PlainTextOption,
  RichTextBlock,
} from '@slack/types';

/** What the server answers to `GET /_page/state`: everything one person can see. */
export interface State {
  seq: number;
  team: { id: string; name: string };
  me: string;
  people: Person[];
  channels: Channel[];
  usergroups?: { id: string; handle: string; name?: string }[];
  bot: { user_id: string; name: string };
  commands: { command: string; description: string; usage_hint?: string }[];
  messages: Record<string, Message[]>;
  home: View | null;
  modals: View[];
}

export interface Person {
  id: string;
  name: string;
  real_name: string;
  role: string;
  title?: string;
}

export interface Channel {
  id: string;
  name: string;
  kind: 'channel' | 'im';
}

export interface Message {
  ts: string;
  thread_ts?: string;
  channel: string;
  user: string;
  username: string;
  is_bot?: boolean;
  text: string;
  blocks?: AnyBlock[];
  attachments?: MessageAttachment[];
  ephemeral_to?: string;
  edited?: unknown;
  deleted?: boolean;
  reply_count?: number;
}

export interface View {
  id: string;
  type: string;
  blocks: AnyBlock[];
  title?: PlainTextElement;
  submit?: PlainTextElement;
  close?: PlainTextElement;
}

/** A block that Slack has and its type package does not. */
export interface DataVisualizationBlock extends Block {
  type: 'data_visualization';
  title?: string;
  chart: PieChart | SeriesChart;
}

export interface PieChart {
  type: 'pie';
  segments: { label: string; value: number }[];
}

export interface SeriesChart {
  type: 'bar' | 'line' | 'area';
  series: { name: string; data: { label: string; value: number }[] }[];
  axis_config?: { categories?: string[]; x_label?: string; y_label?: string };
}

export type DrawableBlock = KnownBlock | DataVisualizationBlock;

/** What an element holds, in the words of Slack's `state.values`. */
export interface ElementState {
  type: string;
  value?: string | null;
  rich_text_value?: RichTextBlock | null;
  selected_option?: Option | null;
  selected_options?: Option[];
  selected_user?: string | null;
  selected_users?: string[];
  selected_conversation?: string | null;
  selected_conversations?: string[];
  selected_channel?: string | null;
  selected_channels?: string[];
  selected_date?: string | null;
  selected_time?: string | null;
  selected_date_time?: number | null;
}

export interface Action extends ElementState {
  block_id: string;
  action_id: string;
  text?: PlainTextElement;
}

export type Container = { type: 'message'; channel: string; ts: string } | { type: 'view'; view_id: string };

export type Answer =
  | { ok: true; response_action?: string; errors?: Record<string, string> }
  | { ok: false; error: string; message: string; errors?: Record<string, string> };

export type { AnyBlock, MessageAttachment, Option, PlainTextOption };
