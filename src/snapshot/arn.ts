/** Account id in an ARN; empty where it has none. */
export function accountIn(arn: string): string {
  return arn.split(':')[4] ?? '';
}

/** Region in an ARN; empty where it has none. */
export function regionIn(arn: string): string {
  return arn.split(':')[3] ?? '';
}

/** Where the thing lies that an ARN names. */
export function placeOf(arn: string): { account: string; region: string } {
  return { account: accountIn(arn), region: regionIn(arn) };
}

/** ARN of a log group as the snapshot keys it: a trail carries it with a trailing `:*`. */
export function logGroupKey(arn: string): string {
  return arn.replace(/:\*$/, '');
}
