import type {
  Authorization,
  AuthorizationPrincipal,
  ConfigDeliveryChannel,
  ConfigRecorder,
  EventDataStore,
  InsightSelector,
  JsonObject,
  SecurityHub,
  Snapshot,
} from '../../src/snapshot/types.ts';
import {
  ACCOUNT,
  BUCKET,
  type Given,
  KEY_ARN,
  type Loose,
  overlay,
  part,
  partOver,
  REGION,
  TRAIL_ARN,
} from './building.ts';
import { absent, read } from './parts.ts';

/* Builders for what stands beside trails: Insights, Lake, AWS Config, Security Hub, identities. */

/** Both types of Insights, on management events. */
export const BOTH_INSIGHTS: readonly InsightSelector[] = [
  { InsightType: 'ApiCallRateInsight', EventCategories: ['Management'] },
  { InsightType: 'ApiErrorRateInsight', EventCategories: ['Management'] },
];

/** Insights of a trail; `selectors` that are absent or empty mean off, and the trail says so too. */
export function withInsights(
  snapshot: Snapshot,
  { trail = TRAIL_ARN, selectors = [...BOTH_INSIGHTS] }: { trail?: string; selectors?: Given<InsightSelector[]> } = {},
): Snapshot {
  const wanted = part(selectors);
  const off = wanted.state === 'absent' || (wanted.state === 'read' && wanted.value.length === 0);
  const before = snapshot.trail[trail];
  return overlay(snapshot, {
    ...(before?.state === 'read' && { trail: { [trail]: read({ ...before.value, HasInsightSelectors: !off }) } }),
    'trail.insights': { [trail]: off ? absent('InsightNotEnabledException') : wanted },
  });
}

/**
 * An event data store of CloudTrail Lake, enabled, for all management events of all regions, seven years, protected,
 * encrypted with the key of `withKey`. Its listing comes along; `visibleIn` are accounts that see it besides the owner.
 */
export function withEventDataStore(
  snapshot: Snapshot,
  {
    name = 'lake',
    owner = ACCOUNT,
    region = REGION,
    arn = `arn:${snapshot.partition}:cloudtrail:${region}:${owner}:eventdatastore/5a6b7c8d-1111-2222-3333-444455556666`,
    store = {},
    visibleIn = [],
  }: {
    name?: string;
    owner?: string;
    region?: string;
    arn?: string;
    store?: Given<Loose<EventDataStore>>;
    visibleIn?: string[];
  } = {},
): Snapshot {
  const healthy: EventDataStore = {
    EventDataStoreArn: arn,
    Name: name,
    Status: 'ENABLED',
    AdvancedEventSelectors: [
      { Name: 'management', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
    ],
    MultiRegionEnabled: true,
    OrganizationEnabled: false,
    RetentionPeriod: 2557,
    TerminationProtectionEnabled: true,
    KmsKeyId: KEY_ARN,
    BillingMode: 'FIXED_RETENTION_PRICING',
    FederationStatus: 'DISABLED',
    tags: {},
  };
  const listings = [owner, ...visibleIn].map((account) => {
    const place = `${account}/${region}`;
    const before = snapshot['account.eventDataStores'][place];
    return [place, read([...(before?.state === 'read' ? before.value : []), arn])] as const;
  });
  return overlay(snapshot, {
    'account.eventDataStores': Object.fromEntries(listings),
    eventDataStore: { [arn]: partOver(healthy, store) },
  });
}

/** A customer's recorder that records everything, and the role of AWS Config; global types in us-east-1 only. */
export function withConfigRecorder(
  snapshot: Snapshot,
  {
    account = ACCOUNT,
    region = REGION,
    recorder = {},
  }: { account?: string; region?: string; recorder?: Given<Loose<ConfigRecorder>> } = {},
): Snapshot {
  const healthy: ConfigRecorder = {
    name: 'default',
    roleARN: `arn:${snapshot.partition}:iam::${account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
    recordingGroup: {
      allSupported: true,
      includeGlobalResourceTypes: region === REGION,
      resourceTypes: [],
      recordingStrategy: { useOnly: 'ALL_SUPPORTED_RESOURCE_TYPES' },
    },
    recordingMode: { recordingFrequency: 'CONTINUOUS' },
    recording: true,
    lastStatus: 'Success',
  };
  return overlay(snapshot, { 'config.recorder': { [`${account}/${region}`]: partOver(healthy, recorder) } });
}

/** Where AWS Config delivers. */
export function withDeliveryChannel(
  snapshot: Snapshot,
  {
    account = ACCOUNT,
    region = REGION,
    channel = {},
  }: { account?: string; region?: string; channel?: Given<Loose<ConfigDeliveryChannel>> } = {},
): Snapshot {
  const healthy: ConfigDeliveryChannel = { name: 'default', s3BucketName: `${BUCKET}-config` };
  return overlay(snapshot, { 'config.deliveryChannel': { [`${account}/${region}`]: partOver(healthy, channel) } });
}

/** Security Hub, on, with one standard. */
export function withSecurityHub(
  snapshot: Snapshot,
  {
    account = ACCOUNT,
    region = REGION,
    hub = {},
  }: { account?: string; region?: string; hub?: Given<Loose<SecurityHub>> } = {},
): Snapshot {
  const { partition } = snapshot;
  const healthy: SecurityHub = {
    HubArn: `arn:${partition}:securityhub:${region}:${account}:hub/default`,
    standards: [`arn:${partition}:securityhub:${region}::standards/aws-foundational-security-best-practices/v/1.0.0`],
  };
  return overlay(snapshot, { 'securityHub.hub': { [`${account}/${region}`]: partOver(healthy, hub) } });
}

/** A principal as `withAuthorization` takes it: policies as objects, what is not said is empty. */
export type GivenPrincipal = Loose<Omit<AuthorizationPrincipal, 'inline' | 'trust'>> & {
  name: string;
  inline?: { [policyName: string]: JsonObject };
  trust?: JsonObject;
};

/** Who may do what in an account. Roles unless they say otherwise; a managed policy is attached as often as it is named. */
export function withAuthorization(
  snapshot: Snapshot,
  {
    account = ACCOUNT,
    principals = [],
    managed = {},
    authorization,
  }: {
    account?: string;
    principals?: GivenPrincipal[];
    /** Documents by policy ARN. */
    managed?: { [arn: string]: JsonObject };
    /** The whole part, where it could not be read for example. */
    authorization?: Given<Authorization>;
  } = {},
): Snapshot {
  const all = principals.map(
    ({ kind = 'role', name, inline = {}, trust, ...rest }): AuthorizationPrincipal => ({
      kind,
      name,
      arn: rest.arn ?? `arn:${snapshot.partition}:iam::${account}:${kind}/${name}`,
      inline: Object.fromEntries(
        Object.entries(inline).map(([policy, document]) => [policy, JSON.stringify(document)]),
      ),
      attached: rest.attached ?? [],
      groups: rest.groups ?? [],
      ...(rest.permissionsBoundary === undefined ? {} : { permissionsBoundary: rest.permissionsBoundary }),
      ...(trust === undefined ? {} : { trust: JSON.stringify(trust) }),
    }),
  );
  const documents = Object.entries(managed).map(([arn, document]) => {
    const attachments = all.filter(({ attached }) => attached.includes(arn)).length;
    return [arn, { text: JSON.stringify(document), attachments }] as const;
  });
  const built: Authorization = { principals: all, managed: Object.fromEntries(documents) };
  return overlay(snapshot, { 'iam.authorization': { [account]: part(authorization ?? built) } });
}
