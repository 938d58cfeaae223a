import { z } from 'zod';
import { bucketOf } from '../../src/check/bucket.ts';
import { nameOf, type Party, partiesOf } from '../../src/check/bucket-parties.ts';
import { defineCheck, type Evaluation, manual, partOf, unknownBecause } from '../../src/check/check.ts';
import { controlIds } from '../../src/check/controls.ts';
import { isDenied } from '../../src/check/denied-parties.ts';
import { isPolicyError, parsePolicy } from '../../src/check/evaluators/policy/parse.ts';
import type { PolicyDocument, Statement } from '../../src/check/evaluators/policy/types.ts';
import { deliversLogs, isListed } from '../../src/check/party-lists.ts';
import { namesOf } from '../../src/check/service-access.ts';
import { accountOf } from '../../src/check/subject.ts';

const settings = z.strictObject({
  /** Account ids, ARNs (with `*`), services, canonical ids; `organization` for every account of it. */
  readers: z.array(z.string()).default([]),
});

const NEEDS = ['bucket', 'bucket.policy', 'bucket.acl', 'organization', 'organization.accounts'] as const;

export default defineCheck({
  id: 'bucket/cross-account-access',
  title: 'Only known accounts read the log bucket',
  severity: 'high',
  scope: 'bucket',
  rationale: 'Least privilege on the log bucket keeps audit data with the people who audit.',
  pass: "Every principal outside the bucket's account in an Allow statement is a log-delivery service or one of readers.",
  seed: ['aws', 'resmo'],
  needs: [...NEEDS],
  events: ['PutBucketPolicy', 'DeleteBucketPolicy', 'CreateTrail', 'UpdateTrail'],
  controls: controlIds({
    security_hub: 'S3.6',
    'pci_4.0': '7.2.1 7.2.2 7.2.5 7.2.6 7.3.1 7.3.2 7.3.3 8.2.7 8.2.8 8.3.4 10.6.3',
    nist_800_53_r5: 'CA-9(1) CM-2',
    aws_ssb: 'ACCT.07',
    config_rule: `
      s3-bucket-policy-grantee-check s3-bucket-policy-not-more-permissive
      s3-bucket-blacklisted-actions-prohibited`,
  }),
  settings,
  fix: { class: 'manual', risk: 'disruptive', reversible: 'yes', operations: [] },

  evaluate({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return found.judgement;
    const shared = { bucket: subject.name, trails: subject.trails };
    const text = partOf(snapshot['bucket.policy'], subject.name);
    if (text.state === 'absent') return { verdict: 'pass', evidence: { ...shared, policy: null } };
    if (text.state !== 'read') return unknownBecause(text, shared);
    const policy = parsePolicy(text.value.text);
    if (isPolicyError(policy)) return { verdict: 'unknown', evidence: shared, reason: policy.problem };
    const outside = outsiders(policy, found.bucket.owner, { snapshot, subject, settings });
    const strangers = outside.filter(({ party }) => party.kind !== 'canonical');
    const evidence = { ...shared, outsiders: outside.map(({ party, statement }) => `${nameOf(party)} (${statement})`) };
    const [first] = strangers;
    if (first !== undefined) {
      const reason = `${first.statement} lets ${nameOf(first.party)} in, who is no reader.`;
      return { verdict: 'fail', evidence, reason };
    }
    const [unresolved] = outside;
    if (unresolved === undefined) return { verdict: 'pass', evidence };
    const reason = `Whose canonical user id ${nameOf(unresolved.party)} is (${unresolved.statement}) cannot be told.`;
    return { verdict: 'unknown', evidence, reason };
  },

  plan({ snapshot, subject, settings }) {
    const found = bucketOf(snapshot, subject);
    if ('judgement' in found) return { kind: 'blocked', by: 'bucket/exists', reason: found.judgement.reason ?? '' };
    const { region, owner } = found.bucket;
    const text = partOf(snapshot['bucket.policy'], subject.name);
    const policy = text.state === 'read' ? parsePolicy(text.value.text) : undefined;
    if (policy === undefined || isPolicyError(policy)) {
      return { kind: 'blocked', by: 'bucket/cross-account-access', reason: 'The policy of the bucket is not known.' };
    }
    const outside = outsiders(policy, owner, { snapshot, subject, settings });
    return manual(
      'Ask each of these whether they read the logs. Who does belongs under checks, bucket/cross-account-access, readers in the configuration.',
      {
        text: 'Read the policy.',
        command: `aws s3api get-bucket-policy --region ${region} --bucket ${subject.name} --query Policy --output text > policy.json`,
      },
      ...outside.map(({ party, statement }) => ({
        text: `In ${statement}, take ${nameOf(party)} off the principals; only where nobody else is left, take the statement away. Another statement may have the same Sid.`,
      })),
      {
        text: 'Leave every other statement as it is, those for the delivery of logs above all, and put the whole document back.',
        command: `aws s3api put-bucket-policy --region ${region} --bucket ${subject.name} --expected-bucket-owner ${owner} --policy file://policy.json`,
      },
    );
  },
});

type Asked = Pick<
  Evaluation<(typeof NEEDS)[number], 'bucket', z.infer<typeof settings>>,
  'snapshot' | 'subject' | 'settings'
>;

/** Who is let in from outside the bucket's account and is no reader, with the statement that does it. */
function outsiders(
  policy: PolicyDocument,
  owner: string,
  { snapshot, subject, settings: { readers } }: Asked,
): { party: Party; statement: string }[] {
  const organization = partOf(snapshot.organization, 'organization');
  const own = organization.state === 'read' ? organization.value.Id : undefined;
  const acl = partOf(snapshot['bucket.acl'], subject.name);
  const isOwner = (party: Party) =>
    (party.kind === 'account' && party.id === owner) ||
    (party.kind === 'principal' && accountOf(party.arn) === owner) ||
    (party.kind === 'canonical' && acl.state === 'read' && acl.value.OwnerId === party.id);
  const expected = (arn: string) => accountOf(arn) === owner || isListed({ kind: 'principal', arn }, readers, own);
  const bucketArn = `arn:${snapshot.partition}:s3:::${subject.name}`;
  return policy.statements.flatMap((statement, index) => {
    if (statement.effect !== 'Allow') return [];
    const asked = requestsOf(statement, bucketArn);
    return partiesOf(statement)
      .filter((party) => !isOwner(party) && !deliversLogs(party) && !isListed(party, readers, own))
      .filter(
        (party) => !asked.every(([action, resource]) => isDenied(policy, party, action, resource, snapshot, expected)),
      )
      .map((party) => ({ party, statement: namesOf(policy, [index]) }));
  });
}

/** What a statement allows, as patterns of actions and resources. */
function requestsOf({ action, resource }: Statement, bucketArn: string): [string, string][] {
  const actions = action.not ? ['s3:*'] : action.values;
  const resources = resource === undefined || resource.not ? [bucketArn, `${bucketArn}/*`] : resource.values;
  return actions.flatMap((one) => resources.map((other): [string, string] => [one, other]));
}
