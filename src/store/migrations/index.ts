import { ground } from './0001-ground.ts';
import { trust } from './0002-trust.ts';

/** Every migration by its name, in order: forward only, never edited once released, statements of one line each. */
export const migrations: { readonly [name: string]: readonly string[] } = {
  '0001-ground': ground,
  '0002-trust': trust,
};
