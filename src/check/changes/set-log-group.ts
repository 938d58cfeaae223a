import type { Json, JsonObject } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';
import type { SubjectOf } from '../subject.ts';

/** A call on a log group. `input` is all of it: some operations take a name, others an identifier. */
interface GroupCall {
  operation: string;
  input: JsonObject;
  summary: string;
}

/**
 * A call on a log group that sets one of its members, as DescribeLogGroups names it, from `before` (null: it has none)
 * to `after`. Give `automatic: false` where the way back loses data, so that only people take it.
 */
export function setLogGroup(
  subject: SubjectOf<'log-group'>,
  call: GroupCall,
  { member, before, after }: { member: string; before: Json; after: Json },
  undo: GroupCall & { automatic: boolean },
): Change {
  const place = { account: subject.account, region: subject.region, resource: subject.arn };
  return {
    ...place,
    ...call,
    target: `logGroup:${subject.arn}`,
    expect: { [member]: before },
    result: { [member]: after },
    undo: { ...place, ...undo },
  };
}
