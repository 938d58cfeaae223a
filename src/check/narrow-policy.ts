import type { RawPolicy, RawStatement } from './evaluators/policy/types.ts';
import type { PolicySource } from './identities.ts';
import type { ManualStep } from './plan.ts';

/**
 * Guided steps that take something from one policy: its text with a Deny at the end, since what a wildcard allows cannot
 * be cut out of it. `keepers` are allowed to do it and hold the same policy.
 */
export function narrowPolicy(source: PolicySource, deny: RawStatement, keepers: readonly string[]): ManualStep[] {
  const { name, kind, arn, holder } = source;
  const first =
    keepers.length === 0
      ? []
      : [
          {
            text: `${keepers.join(', ')} ${keepers.length === 1 ? 'holds' : 'hold'} ${name} too and may do it: give them a policy of their own first.`,
          },
        ];
  if (kind === 'aws') {
    return [
      ...first,
      {
        text: `${name} is a policy of AWS and cannot be narrowed: detach it from ${holder.kind}/${holder.name} and give it one that says what it needs.`,
        command: `aws iam detach-${holder.kind}-policy --${holder.kind}-name ${holder.name} --policy-arn ${arn ?? name}`,
      },
    ];
  }
  if (holder.name.startsWith('AWSReservedSSO_')) {
    return [
      ...first,
      {
        text: `${holder.name} is kept by IAM Identity Center: narrow ${name} in the permission set, and provision it again.`,
      },
    ];
  }
  const document = narrowed(source, deny);
  const json = JSON.stringify(document);
  const hcl = JSON.stringify(document, null, 2).replaceAll(/^/gm, '    ');
  if (kind === 'customer') {
    return [
      ...first,
      {
        text: `Tell the holders of ${name}, then make its narrowed text the default version. A policy takes five versions: make room by keeping the text of the one that goes.`,
        command: `aws iam create-policy-version --policy-arn ${arn ?? name} --set-as-default --policy-document ${quoted(json)}`,
        terraform: `resource "aws_iam_policy" "${label(name)}" {\n  name   = "${name}"\n  policy = <<-JSON\n${hcl}\n  JSON\n}`,
      },
      {
        text: 'To take it back, make the old version the default again.',
        command: `aws iam set-default-policy-version --policy-arn ${arn ?? name} --version-id <the version before>`,
      },
    ];
  }
  return [
    ...first,
    {
      text: `Save the text of the inline policy ${name} of ${holder.kind}/${holder.name}, then put the narrowed one.`,
      command: `aws iam put-${holder.kind}-policy --${holder.kind}-name ${holder.name} --policy-name ${name} --policy-document ${quoted(json)}`,
      terraform: `resource "aws_iam_${holder.kind}_policy" "${label(name)}" {\n  name   = "${name}"\n  ${holder.kind}   = "${holder.name}"\n  policy = <<-JSON\n${hcl}\n  JSON\n}`,
    },
  ];
}

function narrowed({ document: { raw } }: PolicySource, deny: RawStatement): RawPolicy {
  return { ...raw, Statement: [...raw.Statement, deny] };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function label(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
}
