import { TrailCheckError } from '../ops/error.ts';

/** Nothing is called like that; says what was probably meant. */
export function unknownTarget(word: string, suggestions: readonly string[]): TrailCheckError {
  const [near] = suggestions;
  return new TrailCheckError(`There is no environment or account called "${word}"`, {
    next: near === undefined ? 'Name an environment of the configuration or an account id.' : `Did you mean "${near}"?`,
  });
}
