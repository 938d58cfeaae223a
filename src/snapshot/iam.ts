import { isoTime } from './json.ts';
import { isUnreadable, read } from './part.ts';
import type { PartReaders } from './reader.ts';
import type { Place, Reading } from './reading.ts';
import { readRole } from './roles.ts';
import type { FullAccessHolders, Part } from './types.ts';

/** The policy and its retired forerunner, which may still be attached somewhere. */
const FULL_ACCESS = ['AWSCloudTrail_FullAccess', 'AWSCloudTrailFullAccess'];

/** Who holds the full-access policies. As a boundary they grant nothing, so only permissions policies are asked for. */
async function readFullAccess(reading: Reading, account: string): Promise<Part<FullAccessHolders>> {
  const place = { account, region: reading.around.home };
  const holders: FullAccessHolders = { roles: {}, users: {}, groups: {}, policies: {} };
  const arns = FULL_ACCESS.map((name) => `arn:${reading.around.partition}:iam::aws:policy/${name}`);
  const listings = await Promise.all(
    arns.map(async (arn) => ({
      arn,
      pages: await reading.askAll('iam:ListEntitiesForPolicy', place, {
        PolicyArn: arn,
        PolicyUsageFilter: 'PermissionsPolicy',
      }),
    })),
  );
  const roles = new Set<string>();
  const groups = new Set<string>();
  for (const { arn, pages } of listings) {
    if (isUnreadable(pages)) return pages;
    // The retired policy may not exist any more.
    if (pages.state === 'absent') continue;
    for (const { PolicyRoles = [], PolicyUsers = [], PolicyGroups = [] } of pages.value) {
      for (const { RoleName = '' } of PolicyRoles) {
        roles.add(RoleName);
        holders.policies[`role/${RoleName}`] = arn;
      }
      for (const { UserName = '' } of PolicyUsers) {
        holders.users[UserName] = true;
        holders.policies[`user/${UserName}`] = arn;
      }
      for (const { GroupName = '' } of PolicyGroups) {
        groups.add(GroupName);
        holders.policies[`group/${GroupName}`] = arn;
      }
    }
  }
  const failures = await Promise.all([
    ...[...roles].map((name) => addRole(reading, place, name, holders)),
    ...[...groups].map((name) => addGroup(reading, place, name, holders)),
  ]);
  return failures.find((failure) => failure !== undefined) ?? read(holders);
}

/** Adds a role with its path and last use, or says what stood in the way. */
async function addRole(reading: Reading, place: Place, name: string, { roles }: FullAccessHolders) {
  const answer = await reading.ask('iam:GetRole', place, { RoleName: name });
  if (isUnreadable(answer)) return answer;
  if (answer.state === 'absent') return undefined;
  const { Path = '/', RoleLastUsed } = answer.value.Role ?? {};
  const used = RoleLastUsed?.LastUsedDate;
  roles[name] = { path: Path, ...(used === undefined ? {} : { lastUsed: isoTime(used) }) };
  return undefined;
}

async function addGroup(reading: Reading, place: Place, name: string, { groups }: FullAccessHolders) {
  const answer = await reading.askAll('iam:GetGroup', place, { GroupName: name });
  if (isUnreadable(answer)) return answer;
  if (answer.state === 'absent') return undefined;
  groups[name] = { members: answer.value.reduce((count, { Users = [] }) => count + Users.length, 0) };
  return undefined;
}

export const iamParts: PartReaders<'iam.fullAccess' | 'iam.role'> = {
  'iam.fullAccess': {
    key: 'account',
    operations: ['iam:ListEntitiesForPolicy', 'iam:GetRole', 'iam:GetGroup'],
    needs: [],
    read: readFullAccess,
  },
  'iam.role': {
    key: 'account/role name',
    operations: [
      'iam:GetRole',
      'iam:ListRolePolicies',
      'iam:GetRolePolicy',
      'iam:ListAttachedRolePolicies',
      'iam:GetPolicy',
      'iam:GetPolicyVersion',
    ],
    needs: [],
    read: readRole,
  },
};
