import type { HomeView, KnownBlock, ModalView } from '@slack/types';

/** What is posted: `text` for notifications and screen readers, `blocks` for everyone else. */
export interface Message {
  text: string;
  blocks: KnownBlock[];
}

export type View = ModalView | HomeView;
