import { randomBytes } from 'node:crypto';

/** Id of a new fix. It is also the session name in AWS, which the fixer role's trust policy wants to begin with `tc-`. */
export function newFixId(): string {
  return `tc-${randomBytes(10).toString('hex')}`;
}

/** Id of a new run. */
export function newRunId(): string {
  return `run-${randomBytes(8).toString('hex')}`;
}

/** Id of a new accepted risk. */
export function newRiskId(): string {
  return `risk-${randomBytes(8).toString('hex')}`;
}
