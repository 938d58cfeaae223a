import { stringIn } from '../../input.ts';
import { pageOf, sizeOf } from '../../paging.ts';
import { AwsError, type Input, type Output } from '../../types.ts';

/** IAM pages by Marker and MaxItems (100 unless told, 1000 at most). */
export function iamPage<T>(items: readonly T[], input: Input): { items: T[]; marker: Output } {
  const invalid = new AwsError('ValidationError', 'Invalid Marker.');
  const page = pageOf(items, stringIn(input, 'Marker'), sizeOf(stringIn(input, 'MaxItems') ?? '100', 1000), invalid);
  return { items: page.items, marker: { IsTruncated: page.next !== undefined, Marker: page.next } };
}
