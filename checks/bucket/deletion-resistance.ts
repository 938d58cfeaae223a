import { z } from 'zod';
import { bucketOf } from '../../src/check/bucket.ts';
import { nameOf, type Party } from '../../src/check/bucket-parties.ts';
import { defineCheck, type Evaluation, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { trailsAt } from '../../src/check/delivery.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import type { PolicyDocument } from '../../src/check/evaluators/policy/types.ts';
import {
  DESTRUCTIVE,
  type Destroyer,
  destroyers,
  inWords,
  type Protected,
  undenied,
} from '../../src/check/log-deletion.ts';
import { logPatterns } from '../../src/check/log-objects.ts';
import { isListed } from '../../src/check/party-lists.ts';
import { namesOf } from '../../src/check/service-access.ts';

const settings = z.strictObject({
  /** Account ids and ARNs (with `*`) that may delete or loosen. */
  allowed_principals: z.array(z.string()).default([]),
  /** Ask for a Deny that binds the principals of the bucket's own account too. */
  require_deny: z.boolean().default(false),
});

const NEEDS = ['trail', 'bucket', 'bucket.policy', 'bucket.acl', 'organization', 'organization.accounts'] as const;

export default defineCheck({
  id: 'bucket/deletion-resistance',
  title: 'Nobody may delete log files or loosen the bucket',
  severity: 'high',
  scope: 'bucket',
  rationale: 'Deleting logs, or the protections around them, is the last step of many intrusions.',
  pass: "The policy lets nobody outside allowed_principals delete objects, versions or the bucket, nor change its policy, lifecycle, versioning, retention, encryption or public access; with require_deny an explicit Deny also binds the account's own principals.",
  seed: ['aws'],
  needs: [...NEEDS],
  events: [
    'PutBucketPolicy',
    'DeleteBucketPolicy',
    'CreateTrail',
    'UpdateTrail',
    'PutBucketLifecycle',
    'PutBucketVersioning',
  ],
  controls: controlIds({}),
  settings,
  fix: { class: 'manual', risk: 'disruptive', reversible: 'yes', operations: [] },

  evaluate({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const shared = { bucket: subject.name, trails: subject.trails };
    const { owner } = found.bucket;
    const text = partOf(snapshot['bucket.policy'], subject.name);
    if (text.state !== 'read' && text.state !== 'absent') return unknownBecause(text, shared);
    const policy = text.state === 'read' ? parsePolicy(text.value.text) : undefined;
    if (policy !== undefined && isPolicyError(policy)) {
      return { verdict: 'unknown', evidence: shared, reason: policy.problem };
    }
    const asked = { snapshot, subject, settings };
    const wrong = policy === undefined ? [] : unexpected(policy, owner, asked);
    const said = wrong.map(({ destroyer, statement }) => inWords(destroyer, statement));
    const open = settings.require_deny
      ? policy === undefined
        ? DESTRUCTIVE
        : undenied(protectedBy(policy, asked), owner)
      : [];
    const evidence = { ...shared, destroyers: said, ...(settings.require_deny ? { notDenied: [...open] } : {}) };
    const [first] = said;
    if (first !== undefined) return { verdict: 'fail', evidence, reason: `${first}.` };
    if (open.length > 0) {
      const reason = `No Deny keeps the principals of account ${owner} from ${open[0] ?? ''}${open.length > 1 ? ` and ${open.length - 1} more` : ''}.`;
      return { verdict: 'fail', evidence, reason };
    }
    return { verdict: 'pass', evidence };
  },

  plan({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'bucket/exists', reason: found.judgement.reason ?? '' };
    const { region, owner } = found.bucket;
    const text = partOf(snapshot['bucket.policy'], subject.name);
    const policy = text.state === 'read' ? parsePolicy(text.value.text) : undefined;
    const wrong =
      policy === undefined || isPolicyError(policy) ? [] : unexpected(policy, owner, { snapshot, subject, settings });
    return manual(
      {
        text: 'Read the policy.',
        command: `aws s3api get-bucket-policy --region ${region} --bucket ${subject.name} --query Policy --output text > policy.json`,
      },
      ...wrong.map(({ destroyer: { party, actions }, statement }) => ({
        text: `In ${statement}, name the actions that ${nameOf(party)} needs one by one (to read: s3:GetObject, s3:ListBucket), and none of ${actions.join(', ')}.`,
      })),
      denyStep(`arn:${snapshot.partition}:s3:::${subject.name}`, settings.allowed_principals),
      {
        text: 'Leave every other statement as it is, and put the whole document back.',
        command: `aws s3api put-bucket-policy --region ${region} --bucket ${subject.name} --expected-bucket-owner ${owner} --policy file://policy.json`,
      },
    );
  },
});

type Asked = Pick<
  Evaluation<(typeof NEEDS)[number], 'bucket', z.infer<typeof settings>>,
  'snapshot' | 'subject' | 'settings'
>;

function protectedBy(policy: PolicyDocument, { snapshot, subject, settings }: Asked): Protected {
  return {
    policy,
    bucketArn: `arn:${snapshot.partition}:s3:::${subject.name}`,
    patterns: logPatterns(trailsAt(snapshot, subject.trails), snapshot),
    snapshot,
    expected: (arn) => isListed({ kind: 'principal', arn }, settings.allowed_principals, undefined),
  };
}

/** Who may destroy logs and is not meant to. What the account itself may, its identity policies decide. */
function unexpected(
  policy: PolicyDocument,
  owner: string,
  asked: Asked,
): { destroyer: Destroyer; statement: string }[] {
  const acl = partOf(asked.snapshot['bucket.acl'], asked.subject.name);
  const isOwner = (party: Party) =>
    (party.kind === 'account' && party.id === owner) ||
    (party.kind === 'canonical' && acl.state === 'read' && acl.value.OwnerId === party.id);
  return destroyers(protectedBy(policy, asked))
    .filter(({ party }) => !isOwner(party) && !isListed(party, asked.settings.allowed_principals, undefined))
    .map((destroyer) => ({ destroyer, statement: namesOf(policy, [destroyer.index]) }));
}

/** The Deny as text. It spares AWS services, and is given only where two are left who can take it away again. */
function denyStep(bucketArn: string, allowed: readonly string[]) {
  const arns = allowed.filter((entry) => entry.startsWith('arn:'));
  if (arns.length < 2) {
    return {
      text: 'To bind the own account too, declare at least two ARNs under checks, bucket/deletion-resistance, allowed_principals: a Deny must leave two who can take it away again.',
    };
  }
  const statement = {
    Sid: 'KeepLogs',
    Effect: 'Deny',
    Principal: '*',
    Action: DESTRUCTIVE,
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { ArnNotLike: { 'aws:PrincipalArn': arns }, Bool: { 'aws:PrincipalIsAWSService': 'false' } },
  };
  return {
    text: `To bind the own account too, add this statement, under a Sid of its own: ${JSON.stringify(statement)}`,
    terraform: [
      'statement {',
      '  sid       = "KeepLogs"',
      '  effect    = "Deny"',
      `  actions   = ${JSON.stringify(DESTRUCTIVE)}`,
      `  resources = ${JSON.stringify([bucketArn, `${bucketArn}/*`])}`,
      '  principals {',
      '    type        = "*"',
      '    identifiers = ["*"]',
      '  }',
      '  condition {',
      '    test     = "ArnNotLike"',
      '    variable = "aws:PrincipalArn"',
      `    values   = ${JSON.stringify(arns)}`,
      '  }',
      '  condition {',
      '    test     = "Bool"',
      '    variable = "aws:PrincipalIsAWSService"',
      '    values   = ["false"]',
      '  }',
      '}',
    ].join('\n'),
  };
}
