import { z } from 'zod';
import { findOperation } from '../../aws/operations/table.ts';
import { describeError } from '../../ops/error.ts';
import type { AuditEntry } from '../../store/database.ts';
import type { FixView } from '../fix.ts';
import type { AuditContext } from './context.ts';
import { membersOf } from './lines.ts';

/** One event of CloudTrail that a session of the fix caused. */
export interface FixEvent {
  eventId: string;
  /** `PutBucketPolicy` */
  name: string;
  at: Date;
  account: string;
  region: string;
  requestId: string | undefined;
  /** CloudTrail's error code, of a call that did not work. */
  error: string | undefined;
  sourceIdentity: string | undefined;
}

const MINUTE_MS = 60_000;
/** Clocks differ, and a rollback or an answer that came late lies after the last state. */
const MARGIN_MS = 10 * MINUTE_MS;

/**
 * Looks up what CloudTrail recorded of a fix, by the name of its sessions, in every account and region it changed. It
 * asks AWS, not our tables: a call that stands in none of them shows as well. Two lookups a second; 90 days are kept.
 */
export async function eventsOf(
  { reader, config }: Pick<AuditContext, 'reader' | 'config'>,
  fix: FixView,
  began: Date,
): Promise<{ events: FixEvent[]; problems: string[] }> {
  const events: FixEvent[] = [];
  const problems: string[] = [];
  const input = {
    LookupAttributes: [{ AttributeKey: 'Username' as const, AttributeValue: fix.id }],
    StartTime: new Date(began.getTime() - MARGIN_MS),
    EndTime: new Date(fix.row.updatedAt.getTime() + MARGIN_MS),
  };
  for (const { account, region } of placesOf(fix, globalRegion(config.aws.region))) {
    try {
      for await (const { Events = [] } of reader(account).pages('cloudtrail:LookupEvents', region, input)) {
        for (const { EventId, EventName = '', EventTime, CloudTrailEvent } of Events) {
          if (EventId === undefined || EventTime === undefined) continue;
          events.push({
            eventId: EventId,
            name: EventName,
            at: EventTime,
            account,
            region,
            ...detail(CloudTrailEvent),
          });
        }
      }
    } catch (error) {
      problems.push(`CloudTrail's event history of account ${account} in ${region}: ${describeError(error)}`);
    }
  }
  return { events: events.sort((a, b) => a.at.getTime() - b.at.getTime()), problems };
}

/** Accounts and regions in which the calls of a plan are recorded. */
function placesOf({ proposal }: FixView, globalRegion: string): { account: string; region: string }[] {
  const places = proposal.plan.changes
    .flatMap(({ undo, ...call }) => (undo === undefined ? [call] : [call, undo]))
    .map(({ account, region, operation }) => ({
      account,
      region: findOperation(operation)?.service.global === true ? globalRegion : region,
    }));
  return [...new Map(places.map((place) => [`${place.account} ${place.region}`, place])).values()];
}

/** Services without regions record in one region of the partition. */
function globalRegion(home: string): string {
  if (home.startsWith('cn-')) return 'cn-north-1';
  return home.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1';
}

const record = z.looseObject({
  requestID: z.string().optional(),
  errorCode: z.string().optional(),
  userIdentity: z
    .looseObject({ sessionContext: z.looseObject({ sourceIdentity: z.string().optional() }).optional() })
    .optional(),
});

function detail(text: string | undefined): Pick<FixEvent, 'requestId' | 'error' | 'sourceIdentity'> {
  const parsed = record.safeParse(jsonIn(text ?? ''));
  const { requestID, errorCode, userIdentity } = parsed.success ? parsed.data : {};
  return { requestId: requestID, error: errorCode, sourceIdentity: userIdentity?.sessionContext?.sourceIdentity };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The action under which events are noted in the audit log. */
export const TRACED = 'fix.traced';

const noted = z.array(
  z.looseObject({
    eventId: z.string(),
    name: z.string(),
    at: z.iso.datetime().transform((at) => new Date(at)),
    account: z.string(),
    region: z.string(),
    requestId: z.string().optional(),
    error: z.string().optional(),
    sourceIdentity: z.string().optional(),
  }),
);

/** The events that were noted of a fix. */
export function notedEvents(entries: readonly AuditEntry[]): FixEvent[] {
  return entries
    .filter(({ action }) => action === TRACED)
    .flatMap(({ data }) => {
      const parsed = noted.safeParse(membersOf(data).get('events'));
      return parsed.success ? parsed.data : [];
    })
    .map(({ eventId, name, at, account, region, requestId, error, sourceIdentity }) => {
      return { eventId, name, at, account, region, requestId, error, sourceIdentity };
    });
}
