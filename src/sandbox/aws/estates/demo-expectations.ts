/**
 * What the checks must find in the demo estate, reasoned from what each check asks for. Accounts are named by their id,
 * buckets, trails, keys, log groups and the organization by their ARN, as findings name them.
 */
import {
  DEMO_ACCOUNTS,
  DEMO_BUCKETS,
  DEMO_LOG_GROUPS,
  DEMO_ORGANIZATION,
  DEMO_STAGING_KEY,
  DEMO_TRAILS,
  DEMO_WEB_KEY,
} from './demo.ts';

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

/** The five trails in the order organization, web, legacy, staging, sandbox. */
function trails(...verdicts: [ExpectedVerdict, ExpectedVerdict, ExpectedVerdict, ExpectedVerdict, ExpectedVerdict]) {
  const arns = [orgTrail, webTrail, legacyTrail, stagingTrail, sandboxTrail];
  return Object.fromEntries(arns.map((trailArn, index) => [trailArn, verdicts[index] ?? UNKNOWN]));
}

const WHOLE_ESTATE: Expectations = {
  // The organization trail is logging, everywhere, and reaches everybody.
  'trail/account-covered': accounts(PASS, PASS, PASS, PASS, PASS, PASS),
  'trail/multi-region': accounts(PASS, PASS, PASS, PASS, PASS, PASS),
  'organization/trail': { [organization]: PASS },
  'organization/members-covered': { [organization]: PASS },
  // It records writes only; web, staging and sandbox have a trail of their own that records everything.
  'trail/management-events': accounts(FAIL, FAIL, PASS, FAIL, PASS, PASS),
  // Only staging asks for data events.
  'data-events/s3-write': accounts(FAIL, FAIL, FAIL, FAIL, PASS, FAIL),
  'trail/logging': trails(PASS, PASS, FAIL, PASS, PASS),
  'trail/log-file-validation': trails(FAIL, PASS, PASS, PASS, PASS),
  'trail/kms-encryption': trails(FAIL, PASS, FAIL, PASS, FAIL),
  'trail/cloudwatch-logs': trails(FAIL, PASS, FAIL, PASS, FAIL),
  // A stopped trail delivers nothing by intention; the sandbox's gets NoSuchBucket.
  'trail/delivery-healthy': trails(PASS, PASS, NONE, PASS, FAIL),
  'key/usable': { [DEMO_WEB_KEY]: PASS, [DEMO_STAGING_KEY]: PASS },
  'key/delivery-policy': { [DEMO_WEB_KEY]: PASS, [DEMO_STAGING_KEY]: PASS },
  'bucket/exists': buckets(PASS, PASS, PASS, FAIL),
  'bucket/public-access-block': buckets(PASS, FAIL, PASS, NONE),
  'bucket/policy-not-public': buckets(PASS, FAIL, PASS, NONE),
  'bucket/access-logging': buckets(FAIL, FAIL, PASS, NONE),
  // Staging has Object Lock with a default retention instead, which counts.
  'bucket/mfa-delete': buckets(FAIL, FAIL, PASS, NONE),
  'bucket/lifecycle': buckets(FAIL, FAIL, PASS, NONE),
  'bucket/delivery-policy': buckets(PASS, PASS, PASS, NONE),
  // The vendor's role may put objects among the logs.
  'bucket/dedicated': buckets(FAIL, PASS, PASS, NONE),
  // The old trail writes to its own account.
  'bucket/archive-account': buckets(PASS, FAIL, PASS, NONE),
  // deploy-bot and a permission set of IAM Identity Center hold it; the sandbox does not answer.
  'iam/full-access-policy': accounts(PASS, PASS, FAIL, PASS, PASS, UNKNOWN),
  // Rules stand in staging only, in the home region of its trail.
  'config/managed-rules': accounts(FAIL, FAIL, FAIL, FAIL, PASS, FAIL),
  // The organization trail has no log group; web's alarm is off and its subscriber never confirmed.
  'alarm/cloudtrail-changes': accounts(FAIL, FAIL, FAIL, FAIL, PASS, FAIL),
  'alarm/notification-path': { [DEMO_LOG_GROUPS.web]: FAIL, [DEMO_LOG_GROUPS.staging]: PASS },
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
