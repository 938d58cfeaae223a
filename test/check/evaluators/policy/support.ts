import { isPolicyError, parsePolicy } from '../../../../src/check/evaluators/policy/parse.ts';
import type { PolicyDocument } from '../../../../src/check/evaluators/policy/types.ts';

export const BUCKET = 'arn:aws:s3:::b';
export const TRAIL = 'arn:aws:cloudtrail:eu-west-1:111111111111:trail/t';

/** Parses a policy that the test knows to be one. */
export function policyOf(input: unknown): PolicyDocument {
  const policy = parsePolicy(input);
  if (isPolicyError(policy)) throw new Error(policy.problem);
  return policy;
}

/** A document around statements. */
export function withStatements(...Statement: readonly unknown[]): PolicyDocument {
  return policyOf({ Version: '2012-10-17', Statement });
}

/** A policy variable as policies write it. */
export function variable(name: string): string {
  return `\${${name}}`;
}
