import type { JsonObject } from '../snapshot/types.ts';
import { decide, type Request } from './evaluators/policy/decide.ts';
import type { PolicyDocument } from './evaluators/policy/types.ts';

/** What stands between a service and one thing it has to do. */
export interface Obstacle {
  /** `missing`: nothing allows it. `deny`: a statement forbids it. `unclear`: it hangs on a value nobody knows. */
  kind: 'missing' | 'deny' | 'unclear';
  /** Half a sentence, lower case: `writing log files to AWSLogs/1 is not allowed`. */
  text: string;
}

/**
 * Asks a resource policy whether a service may do something; undefined when it may. `sample` is one real resource out
 * of a pattern in `request`: it tells a statement that meets only a part of the pattern from a condition that cannot be
 * decided.
 */
export function askPolicy(
  policy: PolicyDocument | undefined,
  request: Request,
  what: string,
  sample?: string,
): Obstacle | undefined {
  if (policy === undefined) return { kind: 'missing', text: `${what} is not allowed` };
  const { effect, statements } = decide(policy, request);
  const names = namesOf(policy, statements);
  switch (effect) {
    case 'allow':
      return undefined;
    case 'implicit':
      return { kind: 'missing', text: `${what} is not allowed` };
    case 'deny':
      return { kind: 'deny', text: `${what} is denied by ${names}` };
    case 'maybe': {
      if (sample === undefined) return { kind: 'unclear', text: `whether ${what} is allowed hangs on ${names}` };
      const one = askPolicy(policy, { ...request, resource: sample }, what);
      if (one !== undefined) return one;
      return statements.some((index) => policy.statements[index]?.effect === 'Deny')
        ? { kind: 'deny', text: `${what} is denied in part by ${names}` }
        : { kind: 'missing', text: `${what} is allowed in part only` };
    }
  }
}

/** Statements by their Sid, or by their place where they have none. */
export function namesOf(policy: PolicyDocument, indexes: readonly number[]): string {
  return indexes.map((index) => policy.statements[index]?.sid ?? `statement ${index + 1}`).join(', ');
}

/** What stands in the way of one trail. */
export interface TrailObstacles {
  trail: string;
  obstacles: Obstacle[];
}

/** Trails and their obstacles as evidence. */
export function obstacleEvidence(found: readonly TrailObstacles[]): JsonObject {
  return Object.fromEntries(found.map(({ trail, obstacles }) => [trail, obstacles.map(({ text }) => text)]));
}

/** One sentence over all obstacles of all trails: the first of them, and how many trails it is about. */
export function obstacleReason(found: readonly TrailObstacles[], total: number): string {
  const [first] = found;
  const name = first?.trail.split('/').at(-1) ?? '';
  const text = first?.obstacles[0]?.text ?? '';
  const whose = total === 1 ? `The trail ${name} cannot deliver` : `${found.length} of ${total} trails cannot deliver`;
  return `${whose}: ${text}${total > 1 && name !== '' ? ` (${name})` : ''}.`;
}
