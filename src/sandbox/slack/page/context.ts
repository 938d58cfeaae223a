import type { TextContext } from './text.ts';
import type { Action, Channel, Person } from './types.ts';
import type { Values } from './values.ts';

/** What drawing blocks needs: the words, the people to choose from, what is held, and how to tell the app. */
export interface DrawContext extends TextContext {
  people: readonly Person[];
  channels: readonly Channel[];
  /** The conversation that is open, for `default_to_current_conversation`. */
  channel: string;
  values: Values;
  /** How parts of this message or view are folded, paged and sorted. It outlives redrawing. */
  memo: Map<string, string | number | boolean>;
  /** Sends a block action; resolves when the app has acknowledged it or an error has been shown. */
  act(action: Action): Promise<void>;
}
