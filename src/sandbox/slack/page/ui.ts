import type { DrawContext } from './context.ts';
import { namesOf } from './names.ts';
import type { Action, Container, State } from './types.ts';
import { createValues, type Values } from './values.ts';

/** What only this page knows: where the person is, what is half-typed, folded or read. */
export interface Ui {
  /** An id or a role, as the address had it; the state says whose it is. */
  user: string;
  /** A channel's id, or `home` for the App Home. */
  place: string;
  thread: string | undefined;
  /** Half-typed text by composer. */
  drafts: Map<string, string>;
  /** The newest `ts` read, by person and channel. */
  read: Map<string, string>;
  /** When the page was opened, as a `ts`: what is older counts as read. */
  openedAt: string;
  held: Map<string, { values: Values; memo: DrawContext['memo'] }>;
}

/** What the parts of the page may ask for. */
export interface Deeds {
  open(place: string): void;
  openThread(ts: string | undefined): void;
  become(user: string): void;
  say(channel: string, text: string, thread?: string): Promise<void>;
  act(container: Container, action: Action): Promise<void>;
  redraw(): void;
  toast(message: string): void;
}

/** The context for drawing one message or view; what was put into it is found again by `key`. */
export function contextFor(state: State, ui: Ui, deeds: Deeds, key: string, container: Container): DrawContext {
  const heldKey = `${state.me} ${key}`;
  const held = ui.held.get(heldKey) ?? { values: createValues(), memo: new Map() };
  ui.held.set(heldKey, held);
  return {
    ...held,
    names: namesOf(state),
    me: state.me,
    now: Date.now(),
    people: state.people,
    channels: state.channels,
    channel: ui.place,
    act: (action) => deeds.act(container, action),
  };
}

/** Whether the page has something in this channel that the person has not seen. */
export function isUnread(state: State, ui: Ui, channel: string): boolean {
  const newest = state.messages[channel]?.at(-1)?.ts ?? '0';
  return Number(newest) > Number(ui.read.get(`${state.me} ${channel}`) ?? ui.openedAt);
}

export function markRead(state: State, ui: Ui, channel: string): void {
  const newest = state.messages[channel]?.at(-1)?.ts;
  if (newest !== undefined) ui.read.set(`${state.me} ${channel}`, newest);
}
