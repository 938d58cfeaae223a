import type {
  LogsResourcePolicy,
  Part,
  SharingLink,
  Snapshot,
  SubscriptionFilter,
  Unreadable,
} from '../snapshot/types.ts';
import { partOf } from './check.ts';
import { type EstateSnapshot, inEstate } from './estate-accounts.ts';
import { matchListed } from './evaluators/policy/decide.ts';
import { isPolicyError, parsePolicy } from './evaluators/policy/parse.ts';
import { publicStatements } from './evaluators/policy/public.ts';
import { namesOf } from './service-access.ts';
import { accountOf, type SubjectOf } from './subject.ts';

/** A way by which the events of a log group reach strangers; `text` is most of a sentence. */
export type Opening = { text: string } & (
  | { kind: 'policy'; name: string; statement: string }
  | { kind: 'subscription'; name: string; destination: string }
  | { kind: 'link'; arn: string; sink: string }
);

/** What keeps a pass from being certain. */
type Doubt = Unreadable | { problem: string };

interface Openings {
  openings: Opening[];
  doubts: Doubt[];
  notes: string[];
}

type Parts = EstateSnapshot & Pick<Snapshot, 'logs.resourcePolicies' | 'logGroup.subscriptions' | 'oam.links'>;

/** Everything that opens a log group to somebody who is neither in the estate nor in `trusted` (account ids). */
export function openingsOf(snapshot: Parts, subject: SubjectOf<'log-group'>, trusted: readonly string[]): Openings {
  const place = `${subject.account}/${subject.region}`;
  const stranger = (account: string) => {
    const inside = trusted.includes(account) || inEstate(snapshot, account);
    return typeof inside === 'boolean' ? !inside : inside;
  };
  const links = partOf(snapshot['oam.links'], place);
  const all = [
    lookInto(partOf(snapshot['logs.resourcePolicies'], place), (policy) => byPolicy(policy, subject.arn)),
    lookInto(partOf(snapshot['logGroup.subscriptions'], subject.arn), (filter) => bySubscription(filter, stranger)),
    links.state === 'unsupported'
      ? { openings: [], doubts: [], notes: ['Log groups cannot be shared by links in this region.'] }
      : lookInto(links, (link) => byLink(link, stranger)),
  ];
  return {
    openings: all.flatMap(({ openings }) => openings),
    doubts: all.flatMap(({ doubts }) => doubts),
    notes: all.flatMap(({ notes }) => notes),
  };
}

function lookInto<T>(part: Part<T[]>, look: (item: T) => (Opening | Doubt)[]): Openings {
  if (part.state === 'absent') return { openings: [], doubts: [], notes: [] };
  if (part.state !== 'read') return { openings: [], doubts: [part], notes: [] };
  const found = part.value.flatMap(look);
  return {
    openings: found.flatMap((it) => ('text' in it ? [it] : [])),
    doubts: found.flatMap((it) => ('text' in it ? [] : [it])),
    notes: [],
  };
}

function byPolicy({ policyName, policyDocument, resourceArn }: LogsResourcePolicy, group: string): (Opening | Doubt)[] {
  if (resourceArn !== undefined && resourceArn.replace(/:\*$/, '') !== group) return [];
  const policy = parsePolicy(policyDocument);
  if (isPolicyError(policy))
    return [{ problem: `The resource policy ${policyName} cannot be read. ${policy.problem}` }];
  return publicStatements(policy).flatMap(({ index, reason }): Opening[] => {
    const resource = policy.statements[index]?.resource;
    const names = [group, `${group}:*`, `${group}:log-stream:*`];
    if (resource !== undefined && names.every((name) => matchListed(resource, name, {}, policy.version) === 'no')) {
      return [];
    }
    const statement = namesOf(policy, [index]);
    const text = `The resource policy ${policyName} is ${reason} (${statement})`;
    return [{ kind: 'policy', name: policyName, statement, text }];
  });
}

type IsStranger = (account: string) => boolean | Unreadable;

function bySubscription({ filterName, destinationArn }: SubscriptionFilter, stranger: IsStranger): (Opening | Doubt)[] {
  const account = accountOf(destinationArn);
  const verdict = stranger(account);
  if (typeof verdict !== 'boolean') return [verdict];
  if (!verdict) return [];
  const text = `The subscription filter ${filterName} sends every event to account ${account}, which is outside the estate`;
  return [{ kind: 'subscription', name: filterName, destination: destinationArn, text }];
}

/** A filter on a link may leave this group out; that is not worked out here, so the link counts all the same. */
function byLink(
  { Arn, ResourceTypes, SinkArn, logGroupFilter }: SharingLink,
  stranger: IsStranger,
): (Opening | Doubt)[] {
  if (!ResourceTypes.includes('AWS::Logs::LogGroup')) return [];
  const account = accountOf(SinkArn);
  const verdict = stranger(account);
  if (typeof verdict !== 'boolean') return [verdict];
  if (!verdict) return [];
  const only = logGroupFilter === undefined ? '' : ` where ${logGroupFilter}`;
  const text = `A sharing link offers log groups${only} to account ${account}, which is outside the estate`;
  return [{ kind: 'link', arn: Arn, sink: SinkArn, text }];
}
