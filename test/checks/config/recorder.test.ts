import { describe, expect, it } from 'vitest';
import check from '../../../checks/config/recorder.ts';
import type { JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  emptySnapshot,
  MANAGEMENT,
  read,
  throttled,
  unsupported,
  withAccount,
  withConfigRecorder,
  withDeliveryChannel,
  withOrganization,
  withOrganizationPolicies,
  withPart,
} from '../../support/snapshot.ts';
import { findingOf, fixOf, planOf } from '../bucket/support.ts';

type RecorderOptions = NonNullable<NonNullable<Parameters<typeof withConfigRecorder>[1]>['recorder']>;

const EU = 'eu-west-1';
const US = 'us-east-1';
const SERVICE_ROLE = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`;
const NONE = absent('NoSuchConfigurationRecorderException');
const NO_CHANNEL = absent('NoSuchDeliveryChannelException');

/** An account with two enabled regions, recorded in both; `eu` is what is different in the second one. */
function recorded({
  us = {},
  eu = {},
  channel = {},
}: {
  us?: RecorderOptions;
  eu?: RecorderOptions;
  channel?: object;
} = {}): Snapshot {
  const account = withAccount(emptySnapshot(), { id: ACCOUNT, regions: [US, EU] });
  const first = withDeliveryChannel(withConfigRecorder(account, { region: US, recorder: us }), { region: US });
  return withDeliveryChannel(withConfigRecorder(first, { region: EU, recorder: eu }), { region: EU, channel });
}

/** No recorder and no channel in the second region. */
const bare = (us: RecorderOptions = {}) => recorded({ us, eu: NONE, channel: NO_CHANNEL });
const group = (more: JsonObject) => ({
  recordingGroup: { allSupported: false, includeGlobalResourceTypes: false, resourceTypes: [], ...more },
});
const excluding = (...resourceTypes: string[]) =>
  group({ exclusionByResourceTypes: { resourceTypes }, recordingStrategy: { useOnly: 'EXCLUSION_BY_RESOURCE_TYPES' } });
const everywhere = (eu: RecorderOptions) => recorded({ eu });

/** A member whose organization closes every region but us-east-1, apart from what a landing zone needs there. */
function closed(snapshot: Snapshot): Snapshot {
  const deny = {
    Effect: 'Deny',
    NotAction: ['config:*', 'iam:*', 'organizations:*'],
    Resource: '*',
    Condition: { StringNotEquals: { 'aws:RequestedRegion': [US] } },
  };
  const content = { Version: '2012-10-17', Statement: [deny] };
  const accounts = withAccount(snapshot, { id: MANAGEMENT, inScope: false });
  return withOrganizationPolicies(withOrganization(accounts), { policies: { 'p-region': { content } } });
}

const cases: [string, () => Snapshot, string, JsonObject?, JsonObject?][] = [
  [
    'every region recorded',
    () => recorded(),
    'pass',
    { evidence: { regions: {}, recorded: [US, EU], globalTypes: US } },
  ],
  [
    'Recorder exists but is stopped: fail',
    () => everywhere({ recording: false }),
    'fail',
    { reason: 'eu-west-1 has a recorder that is stopped.', fix: 'auto-second-approver', people: 2 },
  ],
  ['no recorder', () => bare(), 'fail', { reason: 'eu-west-1 has no recorder.' }],
  [
    'allSupported false: fail, unless an exclusion list stays within allowed_exclusions (some types only)',
    () =>
      everywhere(
        group({ resourceTypes: ['AWS::S3::Bucket'], recordingStrategy: { useOnly: 'INCLUSION_BY_RESOURCE_TYPES' } }),
      ),
    'fail',
    { reason: 'eu-west-1 records some resource types only.' },
  ],
  [
    'an exclusion list outside allowed_exclusions',
    () => everywhere(excluding('AWS::EC2::Instance')),
    'fail',
    { reason: 'eu-west-1 leaves out AWS::EC2::Instance.' },
  ],
  [
    'an exclusion list within allowed_exclusions',
    () => everywhere(excluding('AWS::EC2::Instance')),
    'pass',
    {},
    { allowed_exclusions: ['AWS::EC2::Instance', 'AWS::EC2::Volume'] },
  ],
  [
    'Global types recorded in one region only: pass',
    () => recorded({ eu: { recordingGroup: { allSupported: true, includeGlobalResourceTypes: false } } }),
    'pass',
  ],
  [
    'global types recorded in no region',
    () => recorded({ us: { recordingGroup: { allSupported: true, includeGlobalResourceTypes: false } } }),
    'fail',
    { reason: 'No region records the global resource types.' },
  ],
  [
    'an exclusion list that does not name the global types records them',
    () =>
      recorded({
        us: excluding('AWS::EC2::Instance'),
        eu: { recordingGroup: { allSupported: true, includeGlobalResourceTypes: false } },
      }),
    'pass',
    { evidence: { globalTypes: US } },
    { allowed_exclusions: ['AWS::EC2::Instance'] },
  ],
  [
    'Service-linked recorder alone: does not count',
    () => everywhere({ name: 'AWSConfigurationRecorderForSecurityHub', servicePrincipal: 'securityhub.amazonaws.com' }),
    'fail',
    { reason: 'eu-west-1 has a recorder of an AWS service only.' },
  ],
  [
    'No delivery channel: fail',
    () => recorded({ channel: NO_CHANNEL }),
    'fail',
    { reason: 'eu-west-1 has no delivery channel.' },
  ],
  [
    'lastStatus FAILURE: fail, with the code',
    () => everywhere({ lastStatus: 'Failure', lastErrorCode: 'AccessDenied' }),
    'fail',
    { reason: 'eu-west-1 fails to deliver (AccessDenied).', fix: 'manual' },
  ],
  ['a recorder that has just started', () => everywhere({ lastStatus: 'Pending' }), 'pass'],
  [
    'Region closed by an SCP: unknown for that region, not tried again in this run; but left out where the SCP asks for the region, as the answers elsewhere tell',
    () => everywhere(denied('config:DescribeConfigurationRecorders', ACCOUNT, { scp: true })),
    'pass',
    { notes: ['eu-west-1 is closed by a service control policy.'] },
  ],
  [
    'refused by an SCP in every region: nothing says that it is about regions',
    () => {
      const refused = denied('config:DescribeConfigurationRecorders', ACCOUNT, { scp: true });
      return recorded({ us: refused, eu: refused });
    },
    'unknown',
    { reason: expect.stringContaining('service control policy') },
  ],
  [
    'a region closed by an aws:RequestedRegion deny that spares AWS Config is left out all the same',
    () => closed(bare()),
    'pass',
    { notes: ['eu-west-1 is closed by a service control policy.'] },
  ],
  [
    'Region not enabled: left out',
    () => withPart(bare(), 'account.regions', ACCOUNT, read([US])),
    'pass',
    { evidence: { recorded: [US] } },
  ],
  ['regions names the ones that count', () => bare(), 'pass', {}, { regions: [US] }],
  [
    'AWS Config is not offered in a region',
    () => everywhere(unsupported('config:DescribeConfigurationRecorders')),
    'pass',
    { notes: ['AWS Config is not offered in eu-west-1.'] },
  ],
  [
    'AccessDenied on DescribeConfigurationRecorders: unknown, naming config:DescribeConfigurationRecorders',
    () => everywhere(denied('config:DescribeConfigurationRecorders', ACCOUNT)),
    'unknown',
    { missingPermission: 'config:DescribeConfigurationRecorders' },
  ],
  [
    'DescribeDeliveryChannels denied',
    () => recorded({ channel: denied('config:DescribeDeliveryChannels', ACCOUNT) }),
    'unknown',
    { missingPermission: 'config:DescribeDeliveryChannels' },
  ],
  [
    'one region is wrong and another could not be read: the wrong one is certain',
    () => recorded({ us: throttled('config:DescribeConfigurationRecorders', ACCOUNT), eu: { recording: false } }),
    'fail',
  ],
  [
    'the list of regions is denied',
    () => withPart(recorded(), 'account.regions', ACCOUNT, denied('account:ListRegions', ACCOUNT)),
    'unknown',
    { missingPermission: 'account:ListRegions' },
  ],
];

describe('config/recorder', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}, settings = {}) => {
    expect(findingOf(check, snapshot(), { settings, of: `arn:aws:iam::${ACCOUNT}:root` })).toMatchObject({
      verdict,
      ...more,
    });
  });
});

describe('plan of config/recorder', () => {
  const callsOf = (snapshot: Snapshot, settings: JsonObject = {}) =>
    planOf(check, snapshot, { settings }).changes.map(({ operation, region }) => `${operation} ${region}`);

  it('makes recorder, channel and start in that order, and takes them back', () => {
    const plan = planOf(check, bare());
    const place = `${ACCOUNT}/${EU}`;
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'cost', reversible: 'yes' });
    expect(plan.changes).toMatchObject([
      {
        operation: 'config:PutConfigurationRecorder',
        region: EU,
        input: {
          ConfigurationRecorder: {
            name: 'default',
            roleARN: SERVICE_ROLE,
            recordingGroup: { allSupported: true, includeGlobalResourceTypes: false },
          },
        },
        target: `config.recorder:${place}`,
        expect: null,
        undo: {
          operation: 'config:DeleteConfigurationRecorder',
          input: { ConfigurationRecorderName: 'default' },
          automatic: true,
        },
      },
      {
        operation: 'config:PutDeliveryChannel',
        input: { DeliveryChannel: { name: 'default', s3BucketName: 'acme-cloudtrail-logs-config' } },
        target: `config.deliveryChannel:${place}`,
        expect: null,
        undo: { operation: 'config:DeleteDeliveryChannel', input: { DeliveryChannelName: 'default' } },
      },
      {
        operation: 'config:StartConfigurationRecorder',
        input: { ConfigurationRecorderName: 'default' },
        target: `config.recorder:${place}`,
        expect: { name: 'default', recording: false },
        result: { name: 'default', recording: true },
        undo: { operation: 'config:StopConfigurationRecorder' },
      },
    ]);
    expect(plan.changes).toHaveLength(3);
  });

  it('only starts a recorder that is stopped', () => {
    expect(callsOf(everywhere({ recording: false }))).toEqual([`config:StartConfigurationRecorder ${EU}`]);
  });

  it('keeps name, role and frequency of a recorder whose selection it widens, and puts the saved one back', () => {
    const types = group({ resourceTypes: ['AWS::S3::Bucket'] });
    const roleARN = `arn:aws:iam::${ACCOUNT}:role/config`;
    const recordingMode = { recordingFrequency: 'DAILY' };
    const { changes } = planOf(check, everywhere({ ...types, name: 'ours', roleARN, recordingMode }));
    expect(changes).toMatchObject([
      {
        operation: 'config:PutConfigurationRecorder',
        input: {
          ConfigurationRecorder: { name: 'ours', roleARN, recordingMode, recordingGroup: { allSupported: true } },
        },
        expect: { name: 'ours', ...types },
        undo: {
          operation: 'config:PutConfigurationRecorder',
          input: { ConfigurationRecorder: { name: 'ours', roleARN, recordingMode, ...types } },
        },
      },
    ]);
  });

  it('Record global types in every region: never, in one region only', () => {
    const nowhere = recorded({ us: NONE, eu: NONE, channel: NO_CHANNEL });
    const puts = planOf(check, nowhere).changes.filter(
      ({ operation }) => operation === 'config:PutConfigurationRecorder',
    );
    expect(puts.map(({ region, input }) => [region, input])).toMatchObject([
      [US, { ConfigurationRecorder: { recordingGroup: { includeGlobalResourceTypes: true } } }],
      [EU, { ConfigurationRecorder: { recordingGroup: { includeGlobalResourceTypes: false } } }],
    ]);
  });

  it('lets one region record the global types where that alone is missing', () => {
    const plan = planOf(
      check,
      recorded({ us: { recordingGroup: { allSupported: true, includeGlobalResourceTypes: false } } }),
    );
    expect(plan.changes).toMatchObject([
      { region: US, input: { ConfigurationRecorder: { recordingGroup: { includeGlobalResourceTypes: true } } } },
    ]);
  });

  it('makes the service-linked role first where no recorder of the account tells that it is there', () => {
    const nowhere = recorded({ us: NONE, eu: NONE, channel: NO_CHANNEL });
    expect(planOf(check, nowhere).reversible).toBe('partly');
    expect(planOf(check, nowhere).changes[0]).toMatchObject({
      operation: 'iam:CreateServiceLinkedRole',
      input: { AWSServiceName: 'config.amazonaws.com' },
      target: `iam.role:${ACCOUNT}/AWSServiceRoleForConfig`,
      expect: null,
    });
  });

  it('delivers to the declared bucket', () => {
    const channel = planOf(check, bare(), { settings: { bucket: 'acme-config' } }).changes[1];
    expect(channel?.input).toEqual({ DeliveryChannel: { name: 'default', s3BucketName: 'acme-config' } });
  });

  it('is guided where no bucket is declared and no other region delivers', () => {
    const nowhere = withPart(
      recorded({ us: NONE, eu: NONE, channel: NO_CHANNEL }),
      'config.deliveryChannel',
      `${ACCOUNT}/${US}`,
      NO_CHANNEL,
    );
    expect(fixOf(check, nowhere)).toMatchObject({
      kind: 'manual',
      steps: [{ text: expect.stringContaining('bucket') }, {}],
    });
    expect(callsOf(nowhere, { bucket: 'acme-config' })).toHaveLength(7);
  });

  it('leaves the recorder of Control Tower to Control Tower', () => {
    const landing = { name: 'aws-controltower-BaselineConfigRecorder', recording: false };
    const snapshot = everywhere(landing);
    expect(findingOf(check, snapshot)).toMatchObject({ verdict: 'fail', fix: 'manual' });
    expect(fixOf(check, snapshot)).toMatchObject({
      kind: 'manual',
      steps: [{ text: expect.stringContaining('belongs to the landing zone') }],
    });
  });

  it('guides where delivery fails: no call on the recorder mends bucket, key or role', () => {
    expect(fixOf(check, everywhere({ lastStatus: 'Failure', lastErrorCode: 'AccessDenied' }))).toMatchObject({
      kind: 'manual',
      steps: [{ command: `aws configservice describe-delivery-channel-status --region ${EU}` }],
    });
  });
});
