import { findFreeze } from '../../store/freezes.ts';
import type { Store } from '../../store/store.ts';
import { freezeMessage } from '../blocks/freeze.ts';
import type { Rendered } from './render.ts';

export async function renderFreeze({ store }: { store: Store }, id: string): Promise<Rendered | undefined> {
  const freeze = await findFreeze(store.query, id);
  return freeze === undefined ? undefined : { message: freezeMessage(freeze), fleeting: false };
}
