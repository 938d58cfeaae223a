import { TrailCheckError } from '../ops/error.ts';

/** The database could not be opened, reached or brought up to date. */
export class StoreUnavailable extends TrailCheckError {
  override readonly name = 'StoreUnavailable';
}

/** Another process holds the data folder. */
export class StoreLocked extends TrailCheckError {
  override readonly name = 'StoreLocked';
}

/** The store was used in a way that would hang or break a promise: an error in the program, not in its surroundings. */
export class StoreMisuse extends TrailCheckError {
  override readonly name = 'StoreMisuse';
}
