import type { SelectableEvent } from '../../check/evaluators/event-selectors/match.ts';
import { TrailCheckError } from '../../ops/error.ts';
import { DATA_EVENTS, type DataService } from './data-events.ts';
import { modesOf } from './read-only.ts';

/** What somebody asks: an action of IAM or an event of CloudTrail, and what it is done to. */
export interface Question {
  /** `s3:GetObject` */
  action: string;
  /** `bucket/key`, a name, or an ARN. Data events need it. */
  resource?: string | undefined;
  partition: string;
  account: string;
  /** Where the call is made. Undefined: not known. */
  region?: string | undefined;
}

/** The events that the action may be: two where the name does not tell whether it reads or writes. */
export interface AskedEvents {
  events: SelectableEvent[];
  /** `global`: recorded in one region of the partition, wherever the call is made. */
  region: string | 'global' | undefined;
  /** What was taken for granted, in sentences. */
  notes: string[];
}

/** Services whose events have one home in the partition. STS is not among them: its endpoints are regional. */
const GLOBAL = new Set(['iam', 'organizations', 'cloudfront', 'route53', 'account', 'globalaccelerator']);

/** Turns the question into events as CloudTrail would write them. Throws with what to type where it cannot. */
export function askedEvents(question: Question): AskedEvents {
  const [service = '', name = '', ...more] = question.action.split(':');
  if (!/^[a-z0-9-]+$/.test(service) || !/^[A-Z][A-Za-z0-9]*$/.test(name) || more.length > 0) {
    throw new TrailCheckError(`"${question.action}" is no action`, {
      next: 'Write service and operation as IAM does, for example s3:GetObject or cloudtrail:StopLogging.',
    });
  }
  const data = DATA_EVENTS[service];
  const event = data?.events[name];
  if (data !== undefined && event !== undefined) return dataEvent(question, data, event);
  const modes = modesOf(name);
  const source = `${SOURCES[service] ?? service}.amazonaws.com`;
  return {
    events: modes.map((mode) => ({ category: 'Management', source, name, readOnly: mode === 'read' })),
    region: GLOBAL.has(service) ? 'global' : question.region,
    notes:
      modes.length === 1 ? [] : [`The name ${name} does not tell whether it reads or writes; both were looked at.`],
  };
}

/** Where the prefix of IAM is not that of the event source. */
const SOURCES: { readonly [service: string]: string } = { cloudwatch: 'monitoring', ses: 'email', sso: 'sso' };

function dataEvent(question: Question, data: DataService, event: DataService['events'][string]): AskedEvents {
  const { resource, partition, region, account } = question;
  if (resource === undefined) {
    throw new TrailCheckError(`${question.action} is a data event: it is recorded by resource`, {
      next: `Name ${data.example.what}, for example ${question.action} ${data.example.resource}.`,
    });
  }
  const place = data.global ? ':' : `${region ?? '*'}:${account}`;
  const arn = resource.startsWith('arn:')
    ? resource
    : `arn:${partition}:${data.arn}:${place}:${data.prefix}${resource}`;
  const known = arn.split(':')[3];
  return {
    events: [
      {
        category: 'Data',
        source: `${data.arn}.amazonaws.com`,
        name: event.name,
        readOnly: event.mode === 'read',
        resourceType: data.type,
        resourceArn: arn,
      },
    ],
    region: known === undefined || known === '' || known === '*' ? region : known,
    notes: [],
  };
}
