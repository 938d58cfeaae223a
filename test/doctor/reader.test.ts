import { afterEach, expect, test } from 'vitest';
import { type Aws, createAws } from '../../src/aws/aws.ts';
import { READ_ONLY_POLICY } from '../../src/aws/read-only-policy.ts';
import { readerRole } from '../../src/doctor/iam/reader.ts';
import { createLogger } from '../../src/ops/logger.ts';
import { partsNeeded } from '../../src/posture/catalogue.ts';
import { scan } from '../../src/posture/scan.ts';
import {
  allow,
  DEMO_ACCOUNTS,
  demoEstate,
  eventDataStore,
  group,
  insights,
  managedPolicy,
  policy,
  type RunningAws,
  securityHub,
  sharingLink,
  startAws,
} from '../../src/sandbox/aws/index.ts';
import { regionOf } from '../../src/sandbox/aws/region.ts';
import type { Estate } from '../../src/sandbox/aws/types.ts';
import { resolveTarget } from '../../src/snapshot/target.ts';
import { accountIn, alarmIn, trailIn } from '../fixes/estate.ts';
import { allowedActions, exactRoles } from '../fixes/exact-roles.ts';
import { nothingObserved, observeCalls } from '../fixes/observed.ts';
import { catalogue, testConfig } from '../support/fixes.ts';

const { web } = DEMO_ACCOUNTS;
const [REGION, TRAIL] = ['us-east-1', `arn:aws:cloudtrail:us-east-1:${web}:trail/web-alarms`];

let running: RunningAws | undefined;
let aws: Aws | undefined;
afterEach(async () => {
  aws?.close();
  await running?.close();
  running = undefined;
});

/** Something of every kind that a reader may come upon. */
function everything(estate: Estate): void {
  const account = accountIn(estate, web);
  insights(trailIn(estate, TRAIL), ['ApiCallRateInsight']);
  eventDataStore(estate, account, 'lake', {});
  sharingLink(estate, account, REGION, '999999999999', {});
  securityHub(estate, account, REGION, ['cis-aws-foundations-benchmark/v/3.0.0']);
  const { name } = alarmIn(estate, web, REGION);
  const rule = { name: 'night', arn: `arn:aws:cloudwatch:${REGION}:${web}:alarm-mute-rule:night`, alarmNames: [name] };
  regionOf(account, REGION).muteRules.set('night', { ...rule, startsAt: undefined, endsAt: undefined });
  group(account, 'auditors', [], { attached: ['arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess'] });
  const delivery = account.roles.get('CloudTrailToCloudWatchLogs');
  delivery?.attached.add(managedPolicy(account, 'delivery', policy(allow('logs:*'))).arn);
}

/** Environments that are found by unit, tag and name. */
const ENVIRONMENTS = {
  unit: { organization: { ou: ['Workloads/Prod'] } },
  tag: { organization: { tag: { env: ['prod'] } } },
  name: { organization: { name: ['acme-*'] } },
  list: { accounts: [web] },
};

test('a scan of the whole estate needs every action of the reader role, and none besides', async () => {
  const { estate, hub } = demoEstate(() => new Date());
  (await exactRoles())(estate);
  everything(estate);
  running = await startAws(estate);
  const config = testConfig({ environments: ENVIRONMENTS });
  aws = createAws({
    config: config.aws,
    now: () => new Date(),
    logger: createLogger({ level: 'silent' }),
    env: {},
    endpoint: running.endpoint,
    credentials: () => Promise.resolve({ accessKeyId: hub.accessKeyId, secretAccessKey: hub.secretAccessKey }),
    limiter: { take: async () => undefined, throttled: () => undefined },
  });
  const parts = { aws, config, catalogue: await catalogue(), now: () => new Date() };
  for (const word of ['unit', 'tag', 'acme-prod-web', 'name']) {
    const target = await resolveTarget(word, config, aws);
    if ('suggestions' in target) throw new Error(`${word} means nothing`);
    if (word === 'name') await scan(parts, target, { sweep: true });
  }
  const observed = nothingObserved();
  observeCalls(observed, estate);
  expect(observed.refused).toEqual([]);
  const reader = readerRole([...partsNeeded([...parts.catalogue.values()])]);
  expect(allowedActions(reader).filter((action) => !observed.used.reader.has(action))).toEqual([]);
});

test('the reader role is within what every reader session may do', async () => {
  const patterns: string[] = JSON.parse(READ_ONLY_POLICY).Statement[0].Action;
  const within = (action: string) =>
    patterns.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(action));
  const reader = readerRole([...partsNeeded([...(await catalogue()).values()])]);
  expect(allowedActions(reader).filter((action) => !within(action))).toEqual([]);
});

test('the reader of few checks may read what these need, and what every scan reads', async () => {
  const check = (await catalogue()).get('trail/log-file-validation');
  const reader = readerRole([...partsNeeded(check === undefined ? [] : [check])]);
  const actions = allowedActions(reader);
  expect(actions).toEqual(expect.arrayContaining(['cloudtrail:DescribeTrails', 's3:GetBucketTagging']));
  expect(actions.filter((action) => /^(config|oam|securityhub|cloudwatch):/.test(action))).toEqual([]);
});
