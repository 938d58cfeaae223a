import { describe, expect, test } from 'vitest';
import { answerFor, type Recorded } from '../../../src/posture/would-record/answer.ts';
import { askedEvents } from '../../../src/posture/would-record/question.ts';
import type { Snapshot, TrailSelectors } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  denied,
  emptySnapshot,
  MANAGEMENT,
  TRAIL_ARN,
  unreachable,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';

function ask(snapshot: Snapshot, action: string, resource?: string, region?: string) {
  const { partition } = snapshot;
  return answerFor(snapshot, ACCOUNT, askedEvents({ action, resource, region, partition, account: ACCOUNT }));
}

function data(...fields: { Field: string; [operator: string]: string | string[] }[]): TrailSelectors {
  return {
    AdvancedEventSelectors: [
      {
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Data'] },
          { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
          ...fields,
        ],
      },
    ],
  };
}

const empty = emptySnapshot();
const all = withTrail(empty);
const writesOnly = withTrail(empty, { selectors: { EventSelectors: [{ ReadWriteType: 'WriteOnly' }] } });
const local = withTrail(empty, { IsMultiRegionTrail: false, region: 'eu-west-1' });

interface Row {
  name: string;
  snapshot: Snapshot;
  action: string;
  resource?: string;
  region?: string;
  recorded: Recorded;
  why: RegExp;
}

const ROWS: Row[] = [
  {
    name: 'a management write',
    snapshot: all,
    action: 'cloudtrail:StopLogging',
    recorded: 'yes',
    why: /^audit records/,
  },
  {
    name: 'an object that is written',
    snapshot: all,
    action: 's3:PutObject',
    resource: 'data/x',
    recorded: 'yes',
    why: /./,
  },
  {
    name: 'an object of a bucket that the selector leaves out',
    snapshot: all,
    action: 's3:PutObject',
    resource: 'acme-cloudtrail-logs/x',
    recorded: 'no',
    why: /leave this one out by resources\.ARN/,
  },
  {
    name: 'an object that is read, where only writes are selected',
    snapshot: all,
    action: 's3:GetObject',
    resource: 'data/x',
    recorded: 'no',
    why: /no read events among the data events of AWS::S3::Object/,
  },
  {
    name: 'a function, where no function is selected',
    snapshot: all,
    action: 'lambda:InvokeFunction',
    resource: 'f',
    recorded: 'no',
    why: /no data events of AWS::Lambda::Function/,
  },
  {
    name: 'a read, where writes alone are kept',
    snapshot: writesOnly,
    action: 'iam:GetRole',
    recorded: 'no',
    why: /read/,
  },
  { name: 'Decrypt counts as a read', snapshot: writesOnly, action: 'kms:Decrypt', recorded: 'no', why: /read/ },
  { name: 'a name that may read or write', snapshot: writesOnly, action: 'x:Ponder', recorded: 'depends', why: /./ },
  {
    name: 'a source that is left out',
    snapshot: withTrail(empty, {
      selectors: { EventSelectors: [{ ExcludeManagementEventSources: ['kms.amazonaws.com'] }] },
    }),
    action: 'kms:DisableKey',
    recorded: 'no',
    why: /eventSource/,
  },
  {
    name: 'a selector narrowed by who calls',
    snapshot: withTrail(empty, {
      selectors: data(
        { Field: 'userIdentity.arn', NotEquals: ['arn:a'] },
        { Field: 'userIdentity.arn', StartsWith: ['arn:b'] },
      ),
    }),
    action: 's3:PutObject',
    resource: 'data/x',
    recorded: 'depends',
    why: /userIdentity\.arn/,
  },
  {
    name: 'a stopped trail',
    snapshot: withTrail(empty, { status: { IsLogging: false } }),
    action: 'iam:GetRole',
    recorded: 'no',
    why: /stopped/,
  },
  { name: 'no trail', snapshot: empty, action: 'iam:GetRole', recorded: 'no', why: /No trail/ },
  {
    name: 'another region than the one that is recorded',
    snapshot: local,
    action: 'ec2:RunInstances',
    region: 'us-east-1',
    recorded: 'no',
    why: /eu-west-1 only/,
  },
  {
    name: 'the region that is recorded',
    snapshot: local,
    action: 'ec2:RunInstances',
    region: 'eu-west-1',
    recorded: 'yes',
    why: /./,
  },
  {
    name: 'a region not named',
    snapshot: local,
    action: 'ec2:RunInstances',
    recorded: 'depends',
    why: /if the call is made there/,
  },
  {
    name: 'a global service, from elsewhere',
    snapshot: local,
    action: 'iam:CreateUser',
    recorded: 'no',
    why: /us-east-1/,
  },
  {
    name: 'a global service that the trail leaves out',
    snapshot: withTrail(empty, { IncludeGlobalServiceEvents: false }),
    action: 'iam:CreateUser',
    recorded: 'no',
    why: /global services/,
  },
  {
    name: 'selectors that cannot be read',
    snapshot: withPart(all, 'trail.selectors', TRAIL_ARN, denied('cloudtrail:GetEventSelectors', ACCOUNT)),
    action: 'iam:CreateUser',
    recorded: 'unknown',
    why: /cloudtrail:GetEventSelectors is denied/,
  },
  {
    name: 'an account that cannot be entered',
    snapshot: withPart(all, 'account.trails', ACCOUNT, unreachable(ACCOUNT)),
    action: 'iam:CreateUser',
    recorded: 'unknown',
    why: /could not be entered/,
  },
];

describe('would it have been recorded', () => {
  test.each(ROWS)('$name: $recorded', ({ snapshot, action, resource, region, recorded, why }) => {
    const answer = ask(snapshot, action, resource, region);
    expect(answer.recorded).toBe(recorded);
    expect([answer.why, ...answer.trails.map((each) => each.why)].join('\n')).toMatch(why);
  });

  test('an organization trail answers for its members, and is shown as inherited', () => {
    const snapshot = withTrail(emptySnapshot(), { name: 'org', owner: MANAGEMENT, IsOrganizationTrail: true });
    expect(ask(snapshot, 'iam:CreateUser')).toMatchObject({ recorded: 'yes', trails: [{ inherited: true }] });
  });

  test('one trail that records is enough, whatever the others do', () => {
    const two = withTrail(withTrail(emptySnapshot(), { name: 'off', status: { IsLogging: false } }), { name: 'on' });
    expect(ask(two, 'iam:CreateUser')).toMatchObject({ recorded: 'yes', why: 'on records it.' });
  });
});

describe('a question', () => {
  test.each(['s3', 's3:', ':GetObject', 's3:getObject', 's3:Get:Object', 's3:*', '<!channel>'])(
    '%s is refused',
    (action) => {
      expect(() => ask(all, action)).toThrow(/is no action/);
    },
  );

  test('of a data event names what it is done to', () => {
    expect(() => ask(all, 's3:GetObject')).toThrow(/recorded by resource/);
  });

  test('takes an ARN as it is, and its region from it', () => {
    const arn = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:f`;
    const asked = askedEvents({ action: 'lambda:Invoke', resource: arn, partition: 'aws', account: ACCOUNT });
    expect(asked).toMatchObject({ region: 'eu-west-1', events: [{ resourceArn: arn, name: 'Invoke' }] });
  });
});
