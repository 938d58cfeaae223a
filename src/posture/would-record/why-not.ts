import { fieldOf, holds, type SelectableEvent } from '../../check/evaluators/event-selectors/match.ts';
import type { Rule } from '../../check/evaluators/event-selectors/rules.ts';

/** Why no rule of a trail records the event: the nearest miss, in one sentence. */
export function whyNot(rules: readonly Rule[], event: SelectableEvent): string {
  const kind = event.category === 'Data' ? `data events of ${event.resourceType ?? 'this type'}` : 'management events';
  const sameKind = rules.filter(
    (rule) =>
      rule.category === event.category &&
      (event.category !== 'Data' || rule.resourceTypes.includes(event.resourceType ?? '')),
  );
  if (sameKind.length === 0) return `Its selectors record no ${kind}.`;
  const mode = event.readOnly ? 'read' : 'write';
  const sameMode = sameKind.filter(({ modes }) => modes.includes(mode));
  if (sameMode.length === 0) return `Its selectors record no ${mode} events among the ${kind}.`;
  const fields = new Set(
    sameMode.flatMap(({ tests }) =>
      tests.flatMap((test) =>
        test.Field !== undefined && !holds(test, fieldOf(event, test.Field)) ? [test.Field] : [],
      ),
    ),
  );
  return `Its selectors record ${mode} ${kind}, but leave this one out by ${[...fields].join(', ')}.`;
}
