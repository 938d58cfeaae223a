/**
 * What the checks must find in the demo estate, reasoned from what each check asks for. Accounts are named by their id,
 * everything else by its ARN, as findings name them. The settings are those of demo/trail-check.yaml.
 */
import {
  DEMO_ACCOUNTS,
  DEMO_BUCKETS,
  DEMO_LOG_GROUPS,
  DEMO_ORGANIZATION,
  DEMO_STAGING_KEY,
  DEMO_STORE,
  DEMO_TOPICS,
  DEMO_TRAILS,
  DEMO_WEB_KEY,
} from './demo-names.ts';

export type ExpectedVerdict = 'pass' | 'fail' | 'unknown' | 'not-applicable';
/** Check id to resource to verdict. */
export type Expectations = Record<string, Record<string, ExpectedVerdict>>;

const PASS = 'pass';
const FAIL = 'fail';
const UNKNOWN = 'unknown';
const NONE = 'not-applicable';

const { management, archive, web, data, staging, sandbox } = DEMO_ACCOUNTS;
const orgTrail = DEMO_TRAILS.organization;
const { web: webTrail, legacy: legacyTrail, staging: stagingTrail, sandbox: sandboxTrail } = DEMO_TRAILS;
const s3 = (name: string) => `arn:aws:s3:::${name}`;
const archiveBucket = s3(DEMO_BUCKETS.archive);
const legacyBucket = s3(DEMO_BUCKETS.legacy);
const stagingBucket = s3(DEMO_BUCKETS.staging);
const goneBucket = s3(DEMO_BUCKETS.gone);
const organization = `arn:aws:organizations::${management}:organization/${DEMO_ORGANIZATION}`;

/** The four buckets that trails name, in the order archive, legacy, staging, gone. */
function buckets(...verdicts: [ExpectedVerdict, ExpectedVerdict, ExpectedVerdict, ExpectedVerdict]) {
  const [inArchive, inLegacy, inStaging, whenGone] = verdicts;
  return {
    [archiveBucket]: inArchive,
    [legacyBucket]: inLegacy,
    [stagingBucket]: inStaging,
    [goneBucket]: whenGone,
  };
}

/** The six accounts in the order of their ids. */
function accounts(
  ...verdicts: [ExpectedVerdict, ExpectedVerdict, ExpectedVerdict, ExpectedVerdict, ExpectedVerdict, ExpectedVerdict]
) {
  const ids = [management, archive, web, data, staging, sandbox];
  return Object.fromEntries(ids.map((id, index) => [id, verdicts[index] ?? UNKNOWN]));
}

/** The same verdict on every account. */
const everywhere = (verdict: ExpectedVerdict) => accounts(verdict, verdict, verdict, verdict, verdict, verdict);

/** The accounts without an event data store, and the store of data. */
function stores(verdict: ExpectedVerdict) {
  const { [data]: _, ...others } = everywhere(NONE);
  return { ...others, [DEMO_STORE]: verdict };
}

/** What web and staging have one of each: key, log group, topic. */
const keys = (inWeb: ExpectedVerdict, inStaging: ExpectedVerdict) => ({
  [DEMO_WEB_KEY]: inWeb,
  [DEMO_STAGING_KEY]: inStaging,
});
const logGroups = (inWeb: ExpectedVerdict, inStaging: ExpectedVerdict) => ({
  [DEMO_LOG_GROUPS.web]: inWeb,
  [DEMO_LOG_GROUPS.staging]: inStaging,
});
const topics = (inWeb: ExpectedVerdict, inStaging: ExpectedVerdict) => ({
  [DEMO_TOPICS.web]: inWeb,
  [DEMO_TOPICS.staging]: inStaging,
});

/** The five trails in the order organization, web, legacy, staging, sandbox. */
function trails(...verdicts: [ExpectedVerdict, ExpectedVerdict, ExpectedVerdict, ExpectedVerdict, ExpectedVerdict]) {
  const arns = [orgTrail, webTrail, legacyTrail, stagingTrail, sandboxTrail];
  return Object.fromEntries(arns.map((trailArn, index) => [trailArn, verdicts[index] ?? UNKNOWN]));
}

const WHOLE_ESTATE: Expectations = {
  // The organization trail is logging, everywhere, global events included, and reaches everybody.
  'trail/account-covered': everywhere(PASS),
  'trail/multi-region': everywhere(PASS),
  'trail/global-service-events': everywhere(PASS),
  'trail/no-excluded-sources': everywhere(PASS),
  'organization/trail': { [organization]: PASS },
  'organization/members-covered': { [organization]: PASS },
  // It records writes only; web, staging and sandbox have a trail of their own that records everything.
  'trail/management-events': accounts(FAIL, FAIL, PASS, FAIL, PASS, PASS),
  // Which makes two copies there, and two are allowed.
  'trail/no-duplicate-events': everywhere(PASS),
  // Sandbox's own trail has all but a key.
  'trail/security-trail': accounts(FAIL, FAIL, PASS, FAIL, PASS, FAIL),
  // Only staging asks for data events, and leaves its log bucket out; nobody is asked about functions or other types.
  'data-events/s3-read': accounts(FAIL, FAIL, FAIL, FAIL, PASS, FAIL),
  'data-events/s3-write': accounts(FAIL, FAIL, FAIL, FAIL, PASS, FAIL),
  'data-events/lambda': everywhere(NONE),
  'data-events/declared-types': everywhere(NONE),
  'data-events/no-log-loop': everywhere(PASS),
  'data-events/no-hidden-principals': accounts(NONE, NONE, NONE, NONE, PASS, NONE),
  'insights/enabled': accounts(FAIL, FAIL, FAIL, FAIL, PASS, FAIL),
  'trail/logging': trails(PASS, PASS, FAIL, PASS, PASS),
  'trail/no-recent-gap': trails(PASS, PASS, NONE, PASS, PASS),
  'trail/log-file-validation': trails(FAIL, PASS, PASS, PASS, PASS),
  'trail/kms-encryption': trails(FAIL, PASS, FAIL, PASS, FAIL),
  'trail/cloudwatch-logs': trails(FAIL, PASS, FAIL, PASS, FAIL),
  'trail/cloudwatch-delivery-healthy': trails(NONE, PASS, NONE, PASS, NONE),
  // A stopped trail delivers nothing by intention; the sandbox's gets NoSuchBucket.
  'trail/delivery-healthy': trails(PASS, PASS, NONE, PASS, FAIL),
  // The organization trail makes no digests.
  'trail/digest-delivery-healthy': trails(NONE, PASS, NONE, PASS, FAIL),
  // The archive and staging's bucket are declared.
  'trail/expected-destination': trails(PASS, PASS, FAIL, PASS, FAIL),
  'trail/tags': trails(PASS, PASS, PASS, PASS, FAIL),
  // No trail tells a topic of its deliveries, and none has to.
  'topic/notifications': trails(NONE, NONE, NONE, NONE, NONE),
  'topic/confused-deputy': topics(NONE, NONE),
  'topic/not-public': topics(PASS, PASS),
  'topic/encryption': topics(FAIL, PASS),
  'key/usable': keys(PASS, PASS),
  'key/delivery-policy': keys(PASS, PASS),
  'key/confused-deputy': keys(PASS, PASS),
  'key/decrypt-restricted': keys(PASS, PASS),
  'key/rotation': keys(FAIL, PASS),
  'log-group/retention': logGroups(PASS, PASS),
  'log-group/delivery-role': logGroups(PASS, PASS),
  'log-group/access': logGroups(PASS, PASS),
  'log-group/encryption': logGroups(FAIL, PASS),
  'log-group/deletion-protection': logGroups(FAIL, PASS),
  'bucket/exists': buckets(PASS, PASS, PASS, FAIL),
  'bucket/public-access-block': buckets(PASS, FAIL, PASS, NONE),
  'bucket/policy-not-public': buckets(PASS, FAIL, PASS, NONE),
  'bucket/acls-disabled': buckets(PASS, PASS, PASS, NONE),
  'bucket/access-logging': buckets(FAIL, FAIL, PASS, NONE),
  'bucket/versioning': buckets(PASS, PASS, PASS, NONE),
  'bucket/object-lock': buckets(FAIL, FAIL, PASS, NONE),
  // Staging has Object Lock with a default retention instead, which counts.
  'bucket/mfa-delete': buckets(FAIL, FAIL, PASS, NONE),
  'bucket/lifecycle': buckets(FAIL, FAIL, PASS, NONE),
  'bucket/no-early-expiry': buckets(PASS, PASS, PASS, NONE),
  'bucket/tls-only': buckets(FAIL, FAIL, PASS, NONE),
  'bucket/default-encryption': buckets(PASS, PASS, PASS, NONE),
  'bucket/replication': buckets(FAIL, FAIL, PASS, NONE),
  'bucket/delivery-policy': buckets(PASS, PASS, PASS, NONE),
  'bucket/confused-deputy': buckets(PASS, PASS, PASS, NONE),
  // The vendor's role may put objects among the logs and read them, but delete nothing; the world may read the old ones.
  'bucket/dedicated': buckets(FAIL, PASS, PASS, NONE),
  'bucket/deletion-resistance': buckets(PASS, PASS, PASS, NONE),
  'bucket/cross-account-access': buckets(FAIL, FAIL, PASS, NONE),
  // The old trail writes to its own account.
  'bucket/archive-account': buckets(PASS, FAIL, PASS, NONE),
  'lake/encryption': stores(FAIL),
  'lake/protection': stores(PASS),
  // Nobody says who should administer CloudTrail, and no policy keeps members from changing their trails.
  'organization/delegated-admin': { [organization]: NONE },
  'organization/guardrail-policy': { [organization]: FAIL },
  // deploy-bot and a permission set of IAM Identity Center hold it; the sandbox does not answer.
  'iam/full-access-policy': accounts(PASS, PASS, FAIL, PASS, PASS, UNKNOWN),
  // Policies of AWS's own are the business of the check before; ours are held by our own roles only. Data does not answer.
  'iam/tampering-permissions': accounts(PASS, PASS, PASS, UNKNOWN, PASS, UNKNOWN),
  // The archive account and data own log buckets.
  'iam/log-file-access': accounts(NONE, PASS, NONE, UNKNOWN, NONE, NONE),
  'config/recorder': accounts(PASS, PASS, FAIL, PASS, PASS, FAIL),
  'config/security-hub': accounts(PASS, PASS, FAIL, PASS, PASS, FAIL),
  'config/managed-rules': everywhere(NONE),
  // The organization trail has no log group; web's alarm is off and its subscriber never confirmed.
  'alarm/cloudtrail-changes': accounts(FAIL, FAIL, FAIL, FAIL, PASS, FAIL),
  'alarm/root-usage': accounts(FAIL, FAIL, FAIL, FAIL, PASS, FAIL),
  'alarm/notification-path': logGroups(FAIL, PASS),
  'alarm/no-dead-filters': logGroups(PASS, PASS),
  // Watched elsewhere, or not asked for.
  'alarm/bucket-policy-changes': everywhere(NONE),
  'alarm/config-changes': everywhere(NONE),
  'alarm/console-login-failures': everywhere(NONE),
  'alarm/console-login-without-mfa': everywhere(NONE),
  'alarm/ec2-instance-changes': everywhere(NONE),
  'alarm/iam-policy-changes': everywhere(NONE),
  'alarm/key-deletion': everywhere(NONE),
  'alarm/network-acl-changes': everywhere(NONE),
  'alarm/network-gateway-changes': everywhere(NONE),
  'alarm/organization-changes': everywhere(NONE),
  'alarm/route-table-changes': everywhere(NONE),
  'alarm/security-group-changes': everywhere(NONE),
  'alarm/trail-tampering': everywhere(NONE),
  'alarm/unauthorized-calls': everywhere(NONE),
  'alarm/vpc-changes': everywhere(NONE),
};

/** What prod's accounts are, own and share. */
const PROD = new Set([
  web,
  data,
  orgTrail,
  webTrail,
  legacyTrail,
  archiveBucket,
  legacyBucket,
  DEMO_WEB_KEY,
  DEMO_LOG_GROUPS.web,
  DEMO_TOPICS.web,
  DEMO_STORE,
  organization,
]);

export const demoExpectations: { estate: Expectations; prod: Expectations } = {
  estate: WHOLE_ESTATE,
  prod: Object.fromEntries(
    Object.entries(WHOLE_ESTATE).map(([check, verdicts]) => [
      check,
      Object.fromEntries(Object.entries(verdicts).filter(([resource]) => PROD.has(resource))),
    ]),
  ),
};
