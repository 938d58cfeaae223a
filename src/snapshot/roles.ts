import { isUnreadable, mapPart, read } from './part.ts';
import type { Place, Reading } from './reading.ts';
import type { Part, Role } from './types.ts';

/** A role with its trust and its policies, inline and managed. Key: `<account>/<role name>`. */
export async function readRole(reading: Reading, key: string): Promise<Part<Role>> {
  const [account = '', name = ''] = key.split('/');
  const place = { account, region: reading.around.home };
  // Nobody but AWS can change what a service-linked role may do.
  const linked = name.startsWith('AWSServiceRoleFor');
  const [role, inline, attached] = await Promise.all([
    reading.ask('iam:GetRole', place, { RoleName: name }),
    linked ? read({}) : readInline(reading, place, name),
    linked ? read({}) : readAttached(reading, place, name),
  ]);
  if (role.state !== 'read') return role;
  if (inline.state !== 'read') return inline;
  if (attached.state !== 'read') return attached;
  const boundary = role.value.Role?.PermissionsBoundary?.PermissionsBoundaryArn;
  const tags = role.value.Role?.Tags ?? [];
  return read({
    RoleName: name,
    Arn: role.value.Role?.Arn ?? '',
    // IAM gives documents URL-encoded.
    AssumeRolePolicyDocument: decodeURIComponent(role.value.Role?.AssumeRolePolicyDocument ?? ''),
    inline: inline.value,
    attached: attached.value,
    ...(boundary === undefined ? {} : { PermissionsBoundary: boundary }),
    ...(tags.length === 0 ? {} : { tags: Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value])) }),
  });
}

async function readAttached(reading: Reading, place: Place, role: string): Promise<Part<{ [arn: string]: string }>> {
  const pages = await reading.askAll('iam:ListAttachedRolePolicies', place, { RoleName: role });
  if (pages.state !== 'read') return pages;
  const arns = pages.value.flatMap(({ AttachedPolicies = [] }) =>
    AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []),
  );
  const documents = await Promise.all(
    arns.map(async (arn) => ({ arn, document: await managedPolicy(reading, place, arn) })),
  );
  const attached: { [arn: string]: string } = {};
  for (const { arn, document } of documents) {
    if (isUnreadable(document)) return document;
    if (document.state === 'read') attached[arn] = document.value;
  }
  return read(attached);
}

/** The document of a managed policy that is in force, once an account. */
function managedPolicy(reading: Reading, place: Place, arn: string): Promise<Part<string>> {
  return reading.once(`policy ${arn} in ${place.account}`, async () => {
    const policy = await reading.ask('iam:GetPolicy', place, { PolicyArn: arn });
    if (policy.state !== 'read') return policy;
    const version = { PolicyArn: arn, VersionId: policy.value.Policy?.DefaultVersionId ?? 'v1' };
    return mapPart(await reading.ask('iam:GetPolicyVersion', place, version), ({ PolicyVersion }) =>
      decodeURIComponent(PolicyVersion?.Document ?? ''),
    );
  });
}

async function readInline(reading: Reading, place: Place, role: string): Promise<Part<{ [name: string]: string }>> {
  const pages = await reading.askAll('iam:ListRolePolicies', place, { RoleName: role });
  const names = mapPart(pages, (answers) => answers.flatMap(({ PolicyNames = [] }) => PolicyNames));
  if (names.state !== 'read') return names;
  const policies = await Promise.all(
    names.value.map(async (name) => ({
      name,
      policy: await reading.ask('iam:GetRolePolicy', place, { RoleName: role, PolicyName: name }),
    })),
  );
  const inline: { [name: string]: string } = {};
  for (const { name, policy } of policies) {
    if (isUnreadable(policy)) return policy;
    if (policy.state === 'read') inline[name] = decodeURIComponent(policy.value.PolicyDocument ?? '');
  }
  return read(inline);
}
