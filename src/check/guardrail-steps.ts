import type { OrganizationPolicies } from '../snapshot/types.ts';
import type { ManualStep } from './plan.ts';

const NAME = 'protect-audit-trail';

/** What people do to protect the trails of members: the text of a policy, tried on one unit before it goes wider. */
export function guardrailSteps({
  partition,
  policies,
  actions,
  spared,
  members,
}: {
  partition: string;
  policies: OrganizationPolicies | undefined;
  actions: readonly string[];
  /** Names or ARNs of principals that are left out. */
  spared: readonly string[];
  /** Accounts that are not protected yet. */
  members: readonly string[];
}): ManualStep[] {
  const text = policyText(partition, actions, spared);
  const [root = '<root id>'] = policies?.roots ?? [];
  const [first = '<account id>'] = members;
  const parent = policies?.parents[first];
  const target = parent === undefined || policies?.roots.includes(parent) ? first : parent;
  return [
    ...(policies?.enabled === false
      ? [
          {
            text: 'Enable service control policies.',
            command: `aws organizations enable-policy-type --root-id ${root} --policy-type SERVICE_CONTROL_POLICY`,
            terraform:
              'resource "aws_organizations_organization" "this" {\n  feature_set          = "ALL"\n  enabled_policy_types = ["SERVICE_CONTROL_POLICY"]\n}',
          },
        ]
      : []),
    {
      text: `Create this policy. It spares the roles of this program, of Control Tower and those in exempt_principals; add a path where one of them has one, and your break-glass roles:\n${text}`,
      command: `aws organizations create-policy --type SERVICE_CONTROL_POLICY --name ${NAME} --description 'Members cannot stop or hollow out the audit trail' --content '${JSON.stringify(JSON.parse(text))}'`,
      terraform: `resource "aws_organizations_policy" "protect_audit_trail" {\n  name    = "${NAME}"\n  type    = "SERVICE_CONTROL_POLICY"\n  content = <<-JSON\n${indented(text)}\n  JSON\n}`,
    },
    {
      text: `Try it on ${target} first, never on the root; see for some days that nothing of yours is refused.`,
      command: `aws organizations attach-policy --policy-id <policy id> --target-id ${target}`,
      terraform: `resource "aws_organizations_policy_attachment" "protect_audit_trail" {\n  policy_id = aws_organizations_policy.protect_audit_trail.id\n  target_id = "${target}"\n}`,
    },
    {
      text: `Then attach it to the units of ${members.join(', ')}. To take it back, detach it.`,
      command: `aws organizations detach-policy --policy-id <policy id> --target-id ${target}`,
    },
  ];
}

function policyText(partition: string, actions: readonly string[], spared: readonly string[]): string {
  const arns = spared.map((name) => (name.startsWith('arn:') ? name : `arn:${partition}:iam::*:role/${name}`));
  return JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ProtectAuditTrail',
          Effect: 'Deny',
          Action: actions,
          Resource: '*',
          Condition: { ArnNotLike: { 'aws:PrincipalArn': [...new Set(arns)] } },
        },
      ],
    },
    null,
    2,
  );
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
