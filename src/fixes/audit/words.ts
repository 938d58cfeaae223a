import type { AnchorSource } from './anchors.ts';
import type { FixEvent } from './events.ts';
import type { Verified } from './service.ts';
import type { Story } from './story.ts';

const WHERE: { readonly [where in AnchorSource['where']]: string } = {
  given: 'the anchors you gave',
  channel: 'the audit channel',
  bucket: 'the audit bucket',
};

/** One sentence on the whole, then what is proven, by what, and what is not. */
export function verdictWords({ verdict, sources, keyed }: Verified): string[] {
  const { whole, broken, entries, signed, anchored, tailProven, head } = verdict;
  const all = count(entries, 'entry', 'entries');
  const from = sources.filter(({ anchors }) => anchors.length > 0).map(({ where }) => WHERE[where]);
  const problems = sources.flatMap(({ where, problem }) =>
    problem === undefined ? [] : [`${WHERE[where]}: ${problem}`],
  );
  const first = whole
    ? `The audit log is whole: ${all}, none changed, taken out, put in or reordered.`
    : `The audit log is broken: entry ${broken?.seq} ${broken?.reason}.`;
  return [
    first,
    ...(whole ? [tail()] : [`Entries before it follow from one another: ${all}.`]),
    ...(keyed && whole ? [signatures()] : []),
    ...problems.map((problem) => `Could not be looked at, ${problem}`),
  ];

  function tail(): string {
    if (tailProven) return `Its end is proven by ${from.join(' and ')}.`;
    if (anchored === 0)
      return 'The tail is not proven: without an anchor nobody can tell whether the end was cut off or all of it rewritten.';
    return `Proven up to entry ${anchored} by ${from.join(' and ')}. The tail is not proven: ${count(head.seq - anchored, 'entry', 'entries')} came after it.`;
  }

  function signatures(): string {
    if (signed === entries) return 'Every entry carries a valid HMAC.';
    return `${signed} of ${entries} carry a valid HMAC; the others are from before the key was set, or written without it.`;
  }
}

/** `09:00:01Z PutBucketPolicy 333333333333 us-east-1 event <id> request <id> as U0…` */
export function eventLine({ at, name, account, region, eventId, requestId, error, sourceIdentity }: FixEvent): string {
  return [
    `${at.toISOString().slice(0, 19)}Z ${name} in ${account} ${region}`,
    error === undefined ? '' : `refused: ${error}`,
    `event ${eventId}`,
    requestId === undefined ? '' : `request ${requestId}`,
    sourceIdentity === undefined ? '' : `as ${sourceIdentity}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** What AWS answered and CloudTrail does not show. */
export function missingWords({ missing, onTheirWay }: Pick<Story, 'missing' | 'onTheirWay'>): string {
  const which = `${count(missing.length, 'event')} of requests ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ' …' : ''}`;
  return onTheirWay
    ? `On their way: ${which}. CloudTrail takes up to 15 minutes; ask again then.`
    : `Not in the event history: ${which}. It keeps 90 days; the log files of the trail have them.`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}
