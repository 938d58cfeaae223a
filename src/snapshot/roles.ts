import { isUnreadable, mapPart, read } from './part.ts';
import type { Place, Reading } from './reading.ts';
import type { Part, Role } from './types.ts';

/** A role with its trust and its inline policies. Key: `<account>/<role name>`. */
export async function readRole(reading: Reading, key: string): Promise<Part<Role>> {
  const [account = '', name = ''] = key.split('/');
  const place = { account, region: reading.around.home };
  const [role, inline] = await Promise.all([
    reading.ask('iam:GetRole', place, { RoleName: name }),
    // Service-linked roles have managed policies only.
    name.startsWith('AWSServiceRoleFor') ? read({}) : readInline(reading, place, name),
  ]);
  if (role.state !== 'read') return role;
  if (inline.state !== 'read') return inline;
  return read({
    RoleName: name,
    Arn: role.value.Role?.Arn ?? '',
    // IAM gives documents URL-encoded.
    AssumeRolePolicyDocument: decodeURIComponent(role.value.Role?.AssumeRolePolicyDocument ?? ''),
    inline: inline.value,
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
