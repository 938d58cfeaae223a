import { globRelation } from '../glob.ts';
import { type Context, evaluateConditions } from './conditions.ts';
import { type Caller, matchPrincipal } from './principal.ts';
import type { Listed, PolicyDocument, Statement, Verdict } from './types.ts';
import { hasVariables, substitute } from './variables.ts';
import { every, opposite, some } from './verdict.ts';

export type Request = {
  readonly principal: Caller;
  /** `s3:PutObject`; case does not matter. */
  readonly action: string;
  /** An ARN, or a pattern all of which is meant (`arn:aws:s3:::b/AWSLogs/1/*`). */
  readonly resource: string;
  readonly context: Context;
};

/**
 * `maybe`: a condition hangs on a value that is not known, or a statement meets a part of what is asked. `statements`
 * are the indexes of those that decide (none for `implicit`, which is a denial by silence).
 */
export type Decision = {
  readonly effect: 'allow' | 'deny' | 'implicit' | 'maybe';
  readonly statements: readonly number[];
};

/** What one policy document says to a request. An explicit deny wins; identity policies elsewhere are not looked at. */
export function decide(policy: PolicyDocument, request: Request): Decision {
  const judged = policy.statements.map((statement, index) => {
    return { index, effect: statement.effect, applies: applies(statement, request, policy.version) };
  });
  const indexes = (effect: 'Allow' | 'Deny', verdict: Verdict) =>
    judged.filter((it) => it.effect === effect && it.applies === verdict).map(({ index }) => index);
  const denying = indexes('Deny', 'yes');
  if (denying.length > 0) return { effect: 'deny', statements: denying };
  const allowing = indexes('Allow', 'yes');
  const uncertain = [...indexes('Allow', 'maybe'), ...indexes('Deny', 'maybe')];
  if (allowing.length > 0) {
    const doubts = indexes('Deny', 'maybe');
    return doubts.length > 0 ? { effect: 'maybe', statements: doubts } : { effect: 'allow', statements: allowing };
  }
  if (indexes('Allow', 'maybe').length > 0) return { effect: 'maybe', statements: uncertain };
  return { effect: 'implicit', statements: [] };
}

/** Does the statement apply to the request, whatever its effect? */
export function applies(statement: Statement, request: Request, version: string): Verdict {
  const { principal, action, resource, conditions } = statement;
  const parts = [
    matchPrincipal(principal, request.principal),
    matchListed(lowerCase(action), request.action.toLowerCase(), {}, ''),
    resource === undefined ? 'yes' : matchListed(resource, request.resource, request.context, version),
  ] as const;
  const met = every(parts);
  return met === 'no' ? 'no' : every([met, evaluateConditions(conditions, request.context, version)]);
}

/** Action, NotAction, Resource and NotResource alike. */
export function matchListed(listed: Listed<string>, target: string, context: Context, version: string): Verdict {
  const named = some(
    listed.values.map((pattern): Verdict => {
      const filled = hasVariables(version, pattern) ? substitute(pattern, context) : pattern;
      if (filled === undefined) return 'no';
      if (filled === 'unknown') return 'maybe';
      const relation = globRelation(filled, target);
      return relation === 'covers' ? 'yes' : relation === 'overlaps' ? 'maybe' : 'no';
    }),
  );
  return listed.not ? opposite(named) : named;
}

export function lowerCase({ not, values }: Listed<string>): Listed<string> {
  return { not, values: values.map((value) => value.toLowerCase()) };
}
