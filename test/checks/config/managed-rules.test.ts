import { describe, expect, it } from 'vitest';
import check from '../../../checks/config/managed-rules.ts';
import type { ConfigRule, JsonObject, Snapshot } from '../../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  emptySnapshot,
  healthySnapshot,
  MANAGEMENT,
  REGION,
  read,
  TRAIL_ARN,
  unsupported,
  withConfigRules,
  withPart,
  withTrail,
} from '../../support/snapshot.ts';
import { findingOf, fixOf, planOf } from '../bucket/support.ts';

const PLACE = `${ACCOUNT}/${REGION}`;
const SIX = [
  'MULTI_REGION_CLOUD_TRAIL_ENABLED',
  'CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED',
  'CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED',
  'CLOUD_TRAIL_ENCRYPTION_ENABLED',
  'CLOUDTRAIL_SECURITY_TRAIL_ENABLED',
  'CLOUDTRAIL_S3_DATAEVENTS_ENABLED',
];

function rules(...identifiers: string[]): Snapshot {
  return withConfigRules(healthySnapshot(), { identifiers });
}

/** The healthy rules with one of them other than it should be. */
function changed(members: Partial<ConfigRule>): Snapshot {
  const part = healthySnapshot()['config.rules'][PLACE];
  if (part?.state !== 'read') throw new Error('the rules are there');
  const [[name, rule] = []] = Object.entries(part.value);
  if (name === undefined || rule === undefined) throw new Error('a rule is there');
  return withPart(healthySnapshot(), 'config.rules', PLACE, read({ ...part.value, [name]: { ...rule, ...members } }));
}

function member(snapshot: Snapshot): Snapshot {
  const place = { account: MANAGEMENT, region: REGION };
  return withConfigRules(
    withTrail(snapshot, { owner: MANAGEMENT, IsOrganizationTrail: true, visibleIn: [ACCOUNT] }),
    place,
  );
}

const cases: [string, () => Snapshot, string, JsonObject?][] = [
  ['all six rules', healthySnapshot, 'pass', { evidence: { trail: TRAIL_ARN, place: PLACE, rules: SIX } }],
  [
    'Rule of any name, also from a conformance pack, Security Hub or the organization: found by its source identifier',
    () => changed({ ConfigRuleName: 'securityhub-x-1a2b' }),
    'pass',
  ],
  ['a rule at work', () => changed({ ConfigRuleState: 'EVALUATING' }), 'pass'],
  ['a custom rule with that text', () => changed({ owner: 'CUSTOM_LAMBDA' }), 'fail'],
  [
    'one rule missing',
    () => rules(...SIX.slice(1)),
    'fail',
    {
      reason: `Config rules are missing or not working in ${PLACE}: MULTI_REGION_CLOUD_TRAIL_ENABLED.`,
      fix: 'auto-second-approver',
    },
  ],
  [
    'Rule DELETING or with an evaluation error: fail (DELETING)',
    () => changed({ ConfigRuleState: 'DELETING' }),
    'fail',
  ],
  ['with an evaluation error', () => changed({ lastErrorCode: 'AccessDenied' }), 'fail'],
  [
    'Recorder off: fail, pointing to config/recorder',
    () => withConfigRules(healthySnapshot(), { recorder: { recording: false } }),
    'fail',
    { cause: 'config/recorder', fix: 'none' },
  ],
  [
    'Rule not offered in the region: left out with a note (all six are offered wherever AWS Config offers rules)',
    () => withPart(healthySnapshot(), 'config.rules', PLACE, unsupported('config:DescribeConfigRules')),
    'not-applicable',
    { notes: ['AWS Config offers no rules in us-east-1.'] },
  ],
  [
    'a recorder that an AWS service keeps is none that rules can use',
    () => withConfigRules(healthySnapshot(), { recorder: { servicePrincipal: 'oracle.amazonaws.com' } }),
    'fail',
    { cause: 'config/recorder' },
  ],
  [
    'no recorder',
    () => withConfigRules(healthySnapshot(), { recorder: absent('NoSuchConfigurationRecorderException') }),
    'fail',
    { cause: 'config/recorder', fix: 'none' },
  ],
  [
    'AccessDenied on DescribeConfigRules: unknown, naming config:DescribeConfigRules',
    () => withPart(healthySnapshot(), 'config.rules', PLACE, denied('config:DescribeConfigRules', ACCOUNT)),
    'unknown',
    { missingPermission: 'config:DescribeConfigRules' },
  ],
  [
    'DescribeConfigurationRecorderStatus denied',
    () =>
      withConfigRules(healthySnapshot(), { recorder: denied('config:DescribeConfigurationRecorderStatus', ACCOUNT) }),
    'unknown',
    { missingPermission: 'config:DescribeConfigurationRecorderStatus' },
  ],
  [
    'member of an organization trail inherits from the owner',
    () => member(emptySnapshot()),
    'pass',
    { inheritedFrom: `arn:aws:cloudtrail:${REGION}:${MANAGEMENT}:trail/audit` },
  ],
  [
    'member inherits the failure, and no fix is offered there',
    () => withConfigRules(member(emptySnapshot()), { account: MANAGEMENT, identifiers: [] }),
    'fail',
    { inheritedFrom: `arn:aws:cloudtrail:${REGION}:${MANAGEMENT}:trail/audit`, fix: 'none' },
  ],
  ['account with no covering trail', () => emptySnapshot(), 'fail', { cause: 'trail/account-covered' }],
];

describe('config/managed-rules', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}) => {
    expect(findingOf(check, snapshot())).toMatchObject({ verdict, ...more });
  });

  it('asks only for the rules that the settings name', () => {
    const settings = { rules: ['CLOUD_TRAIL_ENABLED'] };
    expect(findingOf(check, rules('CLOUD_TRAIL_ENABLED'), { settings }).verdict).toBe('pass');
    expect(findingOf(check, healthySnapshot(), { settings }).verdict).toBe('fail');
  });

  it('alternative set to this bot: not-applicable', () => {
    expect(findingOf(check, rules(), { settings: { alternative: 'trail-check' } }).verdict).toBe('not-applicable');
  });
});

describe('plan of config/managed-rules', () => {
  it('makes one rule for each missing identifier, and deletes exactly those as undo', () => {
    const snapshot = rules(...SIX.slice(2));
    const suffix = findingOf(check, snapshot).id.slice(0, 8);
    const plan = planOf(check, snapshot);
    const names = [
      `trail-check-multi-region-cloud-trail-enabled-${suffix}`,
      `trail-check-cloud-trail-log-file-validation-enabled-${suffix}`,
    ];
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'cost', reversible: 'yes' });
    expect(plan.changes).toMatchObject(
      names.map((name, at) => ({
        operation: 'config:PutConfigRule',
        account: ACCOUNT,
        region: REGION,
        input: {
          ConfigRule: {
            ConfigRuleName: name,
            Source: { Owner: 'AWS', SourceIdentifier: SIX[at] },
            MaximumExecutionFrequency: 'TwentyFour_Hours',
          },
        },
        target: `config.rules:${PLACE}`,
        // A rule that exists under that name is never overwritten.
        expect: { [name]: null },
        result: { [name]: { identifier: SIX[at], owner: 'AWS' } },
        undo: { operation: 'config:DeleteConfigRule', input: { ConfigRuleName: name }, automatic: true },
      })),
    );
    expect(plan.changes).toHaveLength(2);
  });

  it('makes no second rule beside one that fails, but says what to mend', () => {
    expect(fixOf(check, changed({ lastErrorCode: 'AccessDenied' }))).toMatchObject({ kind: 'manual' });
  });

  it('makes a rule in place of one that is being deleted', () => {
    expect(planOf(check, changed({ ConfigRuleState: 'DELETING' })).changes).toHaveLength(1);
  });

  it('waits for config/recorder where the recorder is off', () => {
    const off = withConfigRules(healthySnapshot(), { recorder: { recording: false } });
    expect(fixOf(check, off)).toMatchObject({ kind: 'blocked', by: 'config/recorder' });
  });
});
