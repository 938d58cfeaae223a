import { parse } from '@cdktf/hcl2json';
import { describe, expect, it } from 'vitest';
import { cliLine } from '../../src/check/alternatives/cli.ts';
import type { Change, Plan } from '../../src/check/plan.ts';
import { type OfferedFix, offerOf, type PlanLanguage, planJson, planText, TERRAFORM } from '../../src/report/plans.ts';
import { ACCOUNT, finding, report } from './reports.ts';

const BUCKET = 'arn:aws:s3:::logs';
const CLI: PlanLanguage = {
  change: cliLine,
  undo: ({ undo }) => (undo === undefined ? undefined : cliLine(undo)),
  step: ({ command }) => command,
};

function putPolicy(Policy: string, over: Partial<Change> = {}): Change {
  const place = { account: ACCOUNT, region: 'eu-central-1', resource: BUCKET };
  const put = { ...place, operation: 's3:PutBucketPolicy', summary: 'Put the policy.' };
  return {
    ...put,
    input: { Bucket: 'logs', Policy },
    target: 'bucket.policy:logs',
    expect: { Statement: [] },
    result: { Statement: [Policy] },
    undo: { ...put, input: { Bucket: 'logs', Policy: 'old' }, automatic: true },
    ...over,
  };
}

function updateTrail(input: { [member: string]: boolean | string }): Change {
  const resource = finding().resource;
  const place = { account: ACCOUNT, region: 'eu-central-1', resource, operation: 'cloudtrail:UpdateTrail' };
  const change = { ...place, input: { Name: resource, ...input }, target: `trail:${resource}` as const };
  return { ...change, summary: 'Update it.', expect: {}, result: input };
}

function planned(check: string, changes: Change[], over: Partial<Plan> = {}): OfferedFix {
  const plan: Plan = {
    schema: 1,
    check,
    findings: [],
    summary: '',
    class: 'auto',
    risk: 'safe',
    reversible: 'yes',
    warnings: [],
    guards: [],
    changes,
    watchDelivery: [],
    ...over,
  };
  return { finding: finding({ check, resource: BUCKET }), offer: offerOf({ kind: 'plan', plan }) };
}

const textOf = (fixes: OfferedFix[], language = CLI) => [...planText(report([]), fixes, language)].join('');
const commandsOf = (fixes: OfferedFix[]) =>
  textOf(fixes)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

describe('planText', () => {
  it('prints each call once, with its account, its risk, its hash and what takes it back', () => {
    const fix = planned('bucket/tls-only', [putPolicy('a')], { warnings: ['Mind this.'], cost: 'Little.' });
    const text = textOf([fix]);
    expect(commandsOf([fix])).toEqual(['aws s3api put-bucket-policy --region eu-central-1 --bucket logs --policy a']);
    expect(text).toContain(`# ===== Account ${ACCOUNT} (payments) =====`);
    expect(text).toContain('# WARNING: Mind this.');
    expect(text).toContain('# Little.');
    expect(text).toContain('# undo: aws s3api put-bucket-policy --region eu-central-1 --bucket logs --policy old');
    expect(text).toContain(`plan ${fix.offer.kind === 'plan' ? fix.offer.hash : ''}`);
  });

  it('never lets a later plan overwrite the document of an earlier one', () => {
    const fixes = [
      planned('bucket/one', [putPolicy('a')]),
      planned('bucket/two', [putPolicy('b'), updateTrail({ EnableLogFileValidation: true })]),
    ];
    expect(commandsOf(fixes)).toHaveLength(1);
    expect(textOf(fixes)).toContain(
      '# Left as comments, because this would overwrite what the plan for bucket/one above',
    );
    expect(textOf(fixes)).toContain('# aws s3api put-bucket-policy --region eu-central-1 --bucket logs --policy b');
  });

  it('runs what two plans share once, and other members of the same trail beside each other', () => {
    const shared = putPolicy('a');
    const fixes = [
      planned('trail/one', [shared, updateTrail({ EnableLogFileValidation: true })]),
      planned('trail/two', [shared, updateTrail({ KmsKeyId: 'k' })]),
    ];
    expect(commandsOf(fixes)).toHaveLength(3);
    expect(textOf(fixes)).toContain('# The plan for trail/one above does it already:');
  });

  it('says whose credentials each call needs, also within a plan', () => {
    const fixes = [
      planned('bucket/one', [putPolicy('a', { account: '222222222222' }), updateTrail({ KmsKeyId: 'k' })]),
    ];
    expect(textOf(fixes).match(/# With credentials of account \d+/g)).toEqual([
      '# With credentials of account 222222222222',
      `# With credentials of account ${ACCOUNT}`,
    ]);
  });

  it('leaves guided steps and what is blocked as comments', () => {
    const fixes: OfferedFix[] = [
      { finding: finding(), offer: { kind: 'manual', steps: [{ text: 'Look.', command: 'rm -rf /\nrm -rf ~' }] } },
      { finding: finding(), offer: { kind: 'blocked', by: 'bucket/exists', reason: 'First mend the bucket.' } },
    ];
    expect(commandsOf(fixes)).toEqual([]);
    expect(textOf(fixes)).toContain('# rm -rf /\n# rm -rf ~\n');
    expect(textOf(fixes)).toContain('# No plan: First mend the bucket. (bucket/exists)');
  });

  it.each(['x\nrm -rf ~', 'x\rrm -rf ~', 'x\u2028rm -rf ~', 'x\u0085rm -rf ~', '\u001B[2Jx'])(
    'lets no name out of its comment: %j',
    (name) => {
      const fix = planned('bucket/one', [], { warnings: [name], cost: name });
      const of = { ...report([]), accounts: [{ id: ACCOUNT, name, status: 'scanned' as const, shared: false }] };
      const hostile = { ...fix, finding: { ...fix.finding, title: name, reason: name, resource: name } };
      const text = [...planText(of, [hostile], CLI)].join('');
      expect(text.split(/[\n\r\u0085\u2028]/).filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
      expect(text).not.toContain('\u001B');
    },
  );

  it('is Terraform that Terraform can read', async () => {
    const steps = [{ text: 'Add it.', terraform: 'resource "aws_sns_topic" "t" {}' }, { text: 'Then look.' }];
    const fixes: OfferedFix[] = [
      planned('bucket/one', [putPolicy('{"Version":"2012-10-17","Statement":[]}')]),
      planned('bucket/two', [putPolicy('{"Version":"2012-10-17","Statement":[{"Sid":"x"}]}')]),
      { finding: finding(), offer: { kind: 'manual', steps } },
    ];
    const { resource } = await parse('plan.tf', textOf(fixes, TERRAFORM));
    expect(Object.keys(resource ?? {})).toEqual(['aws_s3_bucket_policy']);
    expect(textOf(fixes, TERRAFORM)).toContain('# resource "aws_sns_topic" "t" {}');
  });
});

describe('planJson', () => {
  it('is the plan with its hash', () => {
    const fix = planned('bucket/one', [putPolicy('a')]);
    expect(planJson(report([]), [fix])).toMatchObject({
      schema: 1,
      target: 'prod',
      fixes: [
        {
          finding: { id: fix.finding.id, check: 'bucket/one' },
          kind: 'plan',
          hash: expect.stringMatching(/^[0-9a-f]{64}$/),
          plan: {},
        },
      ],
    } satisfies object);
  });
});
