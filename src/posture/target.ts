import { TrailCheckError } from '../ops/error.ts';
import type { TakeOptions } from '../snapshot/take.ts';
import { resolveTarget, type Target, type TargetConfig } from '../snapshot/target.ts';

/** The way to AWS as runs need it: to enter accounts as the reader. */
export type ReaderAws = TakeOptions['aws'];

export type { Target };

/** What a person's word for accounts means; rejects with what was probably meant. */
export async function findTarget(word: string | undefined, config: TargetConfig, aws: ReaderAws): Promise<Target> {
  const resolved = await resolveTarget(word, config, aws);
  if (!('suggestions' in resolved)) return resolved;
  const [near] = resolved.suggestions;
  throw new UnknownTarget(`There is no environment or account called "${word ?? ''}"`, {
    next: near === undefined ? 'Name an environment of the configuration or an account id.' : `Did you mean "${near}"?`,
  });
}

/** Nothing is called like that. */
export class UnknownTarget extends TrailCheckError {
  override readonly name = 'UnknownTarget';
}
