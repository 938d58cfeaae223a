import type {
  InsightSelector,
  Json,
  JsonObject,
  Part,
  PartKey,
  PartName,
  Snapshot,
  Subscription,
} from '../snapshot/types.ts';
import { alarmState } from './alarms.ts';
import { saysTheSame } from './evaluators/canonical/comparable.ts';
import { canonicalJson, canonicalLifecycle, canonicalPolicy } from './evaluators/canonical.ts';
import { selectorsState } from './selectors.ts';

/**
 * What a change compares before and after it runs: the canonical form of one part, so that AWS's rewriting of
 * documents (sorted actions, root ARNs, scalars for one-element lists) is never taken for drift (decision 11).
 * `null` means absent; a part that could not be read has no state.
 */
export function stateOf(
  name: PartName,
  part: Part<unknown>,
): { known: true; state: JsonObject | null } | { known: false } {
  if (part.state === 'absent') return { known: true, state: null };
  if (part.state !== 'read') return { known: false };
  return { known: true, state: canonicalState(name, part.value) };
}

function canonicalState(name: PartName, value: unknown): JsonObject {
  const object = value as JsonObject;
  switch (name) {
    case 'bucket.policy':
    case 'key.policy':
      return policyState(String(object.text));
    case 'topic':
      return { ...object, Policy: plain(canonicalPolicy(String(object.Policy))) };
    case 'trail.selectors':
      return selectorsState(object);
    case 'trail.insights':
      return insightsState(value);
    case 'eventDataStore':
      return { ...object, AdvancedEventSelectors: storeSelectorsState(object.AdvancedEventSelectors) };
    case 'bucket.lifecycle':
      return lifecycleState(object);
    case 'alarms':
      return mapMembers(object, ({ members }) => alarmState(isObject(members) ? members : {}));
    case 'config.rules':
      return mapMembers(object, ({ identifier = null, owner = null }) => ({ identifier, owner }));
    case 'iam.fullAccess':
      return isObject(object.policies) ? object.policies : {};
    case 'topic.subscriptions':
      return subscriptionsState(value);
    case 'config.recorder':
      return recorderState(object);
    case 'organization.delegatedAdministrators':
      return mapEach(object, () => true);
    case 'key.grants':
    case 'logGroup.subscriptions':
    case 'logs.resourcePolicies':
    case 'oam.links':
      return byIdentity(value);
    case 'account.eventDataStores':
      return Object.fromEntries((Array.isArray(value) ? value : []).map((arn) => [String(arn), true]));
    default:
      return object;
  }
}

/** What a put sets, and whether it runs: what came of the last delivery is nothing that a call changes. */
function recorderState({ lastStatus: _, lastErrorCode: __, ...recorder }: JsonObject): JsonObject {
  return recorder;
}

/** A list by what tells its members apart. */
function byIdentity(value: unknown): JsonObject {
  const listed = (Array.isArray(value) ? value : []).filter(isObject);
  return Object.fromEntries(
    listed.map((member) => {
      const { GrantId, filterName, policyName, Arn } = member;
      return [String(GrantId ?? filterName ?? policyName ?? Arn), member];
    }),
  );
}

/** Insights by type, with their categories sorted: AWS gives both in any order. */
export function insightsState(value: unknown): JsonObject {
  const listed = (Array.isArray(value) ? value : []) as InsightSelector[];
  return Object.fromEntries(
    listed.map(({ InsightType, EventCategories }) => [InsightType, [...EventCategories].sort()]),
  );
}

/** The selectors of an event data store, as those of a trail. */
export function storeSelectorsState(selectors: Json | undefined): Json {
  const state = selectorsState({ AdvancedEventSelectors: (Array.isArray(selectors) ? selectors : []) as JsonObject[] });
  return state.advancedEventSelectors ?? [];
}

/** Subscriptions by protocol and endpoint, confirmed or not: whether somebody confirmed is nothing that a call changes. */
function subscriptionsState(value: unknown): JsonObject {
  const listed = (Array.isArray(value) ? value : []) as Subscription[];
  const there = listed.filter(({ SubscriptionArn }) => SubscriptionArn !== 'Deleted');
  return Object.fromEntries(there.map((subscription) => [subscriptionKey(subscription), true]));
}

/** What tells the subscriptions of one topic apart. */
export function subscriptionKey({ Protocol, Endpoint }: Pick<Subscription, 'Protocol' | 'Endpoint'>): string {
  return `${Protocol} ${Endpoint}`;
}

function mapMembers(object: JsonObject, map: (member: JsonObject) => JsonObject): JsonObject {
  return mapEach(object, (member) => (isObject(member) ? map(member) : member));
}

function mapEach(object: JsonObject, map: (member: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, member]) => [name, map(member)]));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** State of a bucket or key policy, from its text or as an object. */
export function policyState(policy: unknown): JsonObject {
  return { document: plain(canonicalPolicy(policy)) };
}

/** State of a lifecycle configuration `{Rules}`. */
export function lifecycleState(configuration: JsonObject): JsonObject {
  return plain(canonicalLifecycle(configuration));
}

/** A canonical value as plain JSON, the form that is stored and hashed. */
export function plain(value: unknown): JsonObject {
  return JSON.parse(canonicalJson(value));
}

/**
 * Does a state hold what is expected of it? Only the members that `expected` names are compared; a member that is
 * `null` there must be missing. Order of lists and wording of policies do not count.
 */
export function holds(state: JsonObject | null, expected: JsonObject | null): boolean {
  if (expected === null || state === null) return expected === null && state === null;
  return Object.entries(expected).every(([member, value]) => {
    return saysTheSame(state[member] ?? null, value);
  });
}

/** Splits `bucket.policy:acme` into the part's name and its key. */
export function splitPartKey(key: PartKey): { name: PartName; key: string } {
  const at = key.indexOf(':');
  return { name: key.slice(0, at) as PartName, key: key.slice(at + 1) };
}

/** The part at a key of a snapshot, or undefined where it was never read. */
export function partAt(snapshot: Snapshot, key: PartKey): Part<unknown> | undefined {
  const { name, key: inner } = splitPartKey(key);
  return (snapshot[name] as { [key: string]: Part<unknown> })[inner];
}
