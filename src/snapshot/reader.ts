import type { OperationName } from '../aws/operations/table.ts';
import type { Reading } from './reading.ts';
import type { PartName, Snapshot } from './types.ts';

/** How one part is read. */
export interface PartReader<Name extends PartName> {
  /** What a key of this part is, for people. */
  key: string;
  /** Every operation that `read` may call; the permissions of the reader role follow from it. */
  operations: readonly OperationName[];
  /** Other parts that `read` asks for. */
  needs: readonly PartName[];
  read(reading: Reading, key: string): Promise<Snapshot[Name][string]>;
}

export type PartReaders<Names extends PartName> = { readonly [Name in Names]: PartReader<Name> };
