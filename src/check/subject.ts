import type { Snapshot, Trail } from '../snapshot/types.ts';
import { alarmsOn, compositesAbove } from './alarms.ts';
import { isRefusedThere } from './closed-regions.ts';

/**
 * What one finding is about. A check is asked once per subject, so that a resource gives exactly one finding, at its
 * owner, whatever number of trails and accounts use it (decision 2).
 */
export type Subject =
  | { kind: 'account'; account: string }
  | { kind: 'trail'; arn: string; account: string; region: string }
  | {
      kind: 'bucket';
      name: string;
      /** Owner, where known; else the owner of the first trail that names it. */
      account: string;
      region: string;
      /** ARNs of the trails that name it. */
      trails: string[];
    }
  | { kind: 'key'; reference: string; account: string; region: string; trails: string[] }
  | { kind: 'log-group'; arn: string; account: string; region: string; trails: string[] }
  | {
      kind: 'topic';
      arn: string;
      account: string;
      region: string;
      /** ARNs of the trails that publish to it. */
      trails: string[];
      /** ARNs of the log groups whose alarms lead to it. */
      logGroups: string[];
    }
  | {
      kind: 'event-data-store';
      /** Undefined: the account as such, where it has no store or a listing could not be read. */
      arn: string | undefined;
      account: string;
      region: string;
    }
  | { kind: 'organization'; id: string; account: string };

export type SubjectOf<Kind extends Subject['kind']> = Extract<Subject, { kind: Kind }>;

/** The ARN that stands for a subject in findings. */
export function resourceOf(subject: Subject, partition: string): string {
  switch (subject.kind) {
    case 'account':
      return `arn:${partition}:iam::${subject.account}:root`;
    case 'trail':
    case 'log-group':
    case 'topic':
      return subject.arn;
    case 'event-data-store':
      return subject.arn ?? `arn:${partition}:iam::${subject.account}:root`;
    case 'bucket':
      return `arn:${partition}:s3:::${subject.name}`;
    case 'key':
      return subject.reference;
    case 'organization':
      return `arn:${partition}:organizations::${subject.account}:organization/${subject.id}`;
  }
}

/** Account id in an ARN. */
export function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

/** Region in an ARN. */
export function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}

/**
 * All subjects of a snapshot for one scope. Accounts: those being scanned. Everything else: what the trails that cover
 * them use, shared or not, each once.
 */
export function subjectsOf(kind: Subject['kind'], snapshot: Snapshot): Subject[] {
  switch (kind) {
    case 'account':
      return Object.values(snapshot.accounts)
        .filter((account) => account.inScope)
        .map(({ id }) => ({ kind, account: id }));
    case 'trail':
      return Object.keys(snapshot.trail).map((arn) => ({ kind, arn, account: accountOf(arn), region: regionOf(arn) }));
    case 'bucket':
      return group(snapshot, (trail) => trail.S3BucketName).map(([name, trails]) => {
        const bucket = snapshot.bucket[name];
        const known = bucket?.state === 'read' ? bucket.value : undefined;
        return { kind, name, account: known?.owner ?? accountOf(trails[0] ?? ''), region: known?.region ?? '', trails };
      });
    case 'key':
      return group(snapshot, (trail) => trail.KmsKeyId).map(([reference, trails]) => {
        const key = snapshot.key[reference];
        const arn = key?.state === 'read' ? key.value.Arn : reference;
        return {
          kind,
          reference,
          account: accountOf(arn) || accountOf(trails[0] ?? ''),
          region: regionOf(arn),
          trails,
        };
      });
    case 'log-group':
      return logGroupsOf(snapshot).map(([arn, trails]) => ({
        kind,
        arn,
        account: accountOf(arn),
        region: regionOf(arn),
        trails,
      }));
    case 'topic':
      return topicSubjects(snapshot);
    case 'event-data-store':
      return storeSubjects(snapshot);
    case 'organization': {
      const organization = snapshot.organization.organization;
      if (organization?.state === 'read') {
        return [{ kind, id: organization.value.Id, account: organization.value.MasterAccountId }];
      }
      const first = Object.values(snapshot.accounts).find((account) => account.inScope);
      return first === undefined ? [] : [{ kind, id: 'none', account: first.id }];
    }
  }
}

function logGroupsOf(snapshot: Snapshot): [string, string[]][] {
  return group(snapshot, (trail) => trail.CloudWatchLogsLogGroupArn?.replace(/:\*$/, ''));
}

function group(snapshot: Snapshot, by: (trail: Trail) => string | undefined): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const [arn, part] of Object.entries(snapshot.trail)) {
    if (part.state !== 'read') continue;
    const key = by(part.value);
    if (key === undefined || key === '') continue;
    groups.set(key, [...(groups.get(key) ?? []), arn]);
  }
  return [...groups];
}

/** Topics that trails publish to, and those that alarms on the trails' log groups lead to; each once. */
function topicSubjects(snapshot: Snapshot): Subject[] {
  const topics = new Map<string, { trails: string[]; logGroups: string[] }>();
  const of = (arn: string) => {
    const known = topics.get(arn) ?? { trails: [], logGroups: [] };
    topics.set(arn, known);
    return known;
  };
  for (const [arn, trails] of group(snapshot, (trail) => trail.SnsTopicARN)) of(arn).trails.push(...trails);
  for (const [logGroup] of logGroupsOf(snapshot)) {
    for (const arn of alarmTopics(snapshot, logGroup)) of(arn).logGroups.push(logGroup);
  }
  return [...topics].map(([arn, users]) => ({
    kind: 'topic',
    arn,
    account: accountOf(arn),
    region: regionOf(arn),
    ...users,
  }));
}

/** ARNs of the topics that alarms on the metrics of a log group lead to, composite alarms included. */
function alarmTopics(snapshot: Snapshot, logGroup: string): string[] {
  const filters = snapshot['logGroup.filters'][logGroup];
  const alarms = snapshot.alarms[`${accountOf(logGroup)}/${regionOf(logGroup)}`];
  if (filters?.state !== 'read' || alarms?.state !== 'read') return [];
  const known = alarms.value;
  const actions = Object.values(filters.value)
    .flatMap((filter) => alarmsOn(known, filter))
    .flatMap((alarm) => [alarm, ...compositesAbove(known, alarm)])
    .flatMap(({ AlarmActions }) => AlarmActions);
  return [...new Set(actions.filter((action) => /^arn:[^:]+:sns:/.test(action)))];
}

/**
 * Every store that was found; and an account in scope as such where nothing was found, or where a region could not be
 * looked into, since a store may lie there. A region that a policy closes is meant not to be looked into.
 */
function storeSubjects(snapshot: Snapshot): Subject[] {
  const all = snapshot['account.eventDataStores'];
  const listings = Object.entries(all).filter(([place]) => !isRefusedThere(all, place));
  const accounts = Object.values(snapshot.accounts).filter(({ id, inScope }) => {
    const own = listings.flatMap(([place, part]) => (place.startsWith(`${id}/`) ? [part] : []));
    const found = own.some((part) => part.state === 'read' && part.value.length > 0);
    const unknown = own.some(({ state }) => state !== 'read' && state !== 'absent' && state !== 'unsupported');
    return inScope && (unknown || !found);
  });
  return [
    ...Object.keys(snapshot.eventDataStore).map(
      (arn): Subject => ({ kind: 'event-data-store', arn, account: accountOf(arn), region: regionOf(arn) }),
    ),
    ...accounts.map(({ id }): Subject => ({ kind: 'event-data-store', arn: undefined, account: id, region: '' })),
  ];
}
