import type { GetAccountAuthorizationDetailsCommandOutput } from '@aws-sdk/client-iam';
import { mapPart } from './part.ts';
import { cutToJudged, speaksOfJudged } from './policy-services.ts';
import type { PartReaders } from './reader.ts';
import type { Reading } from './reading.ts';
import type { Authorization, AuthorizationPrincipal, Part } from './types.ts';

type Page = GetAccountAuthorizationDetailsCommandOutput;
type NamedDocument = { PolicyName?: string | undefined; PolicyDocument?: string | undefined };
type Attached = { PolicyArn?: string | undefined };

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html */
const LARGEST_PAGE = 1000;

/** All principals and policies of an account, cut down to what speaks of the judged services. */
async function readAuthorization(reading: Reading, account: string): Promise<Part<Authorization>> {
  const place = { account, region: reading.around.home };
  const pages = await reading.askAll('iam:GetAccountAuthorizationDetails', place, { MaxItems: LARGEST_PAGE });
  return mapPart(pages, (answers) => {
    const managed = Object.fromEntries(answers.flatMap(managedIn));
    const principals = answers.flatMap(principalsIn);
    const named = new Set(
      principals.filter((one) => holdsSomething(one, managed)).map(({ name, kind }) => `${kind}/${name}`),
    );
    return {
      principals: principals.filter(
        ({ kind, name, groups }) => named.has(`${kind}/${name}`) || groups.some((group) => named.has(`group/${group}`)),
      ),
      managed,
    };
  });
}

function holdsSomething({ inline, attached }: AuthorizationPrincipal, managed: Authorization['managed']): boolean {
  return Object.keys(inline).length > 0 || attached.some((arn) => managed[arn] !== undefined);
}

function principalsIn({ RoleDetailList = [], UserDetailList = [], GroupDetailList = [] }: Page) {
  const roles = RoleDetailList.map(
    (role): AuthorizationPrincipal => ({
      kind: 'role',
      name: role.RoleName ?? '',
      arn: role.Arn ?? '',
      inline: inlineIn(role.RolePolicyList),
      attached: attachedIn(role.AttachedManagedPolicies),
      groups: [],
      ...boundaryOf(role.PermissionsBoundary?.PermissionsBoundaryArn),
      ...(role.AssumeRolePolicyDocument === undefined ? {} : { trust: decoded(role.AssumeRolePolicyDocument) }),
    }),
  );
  const users = UserDetailList.map(
    (user): AuthorizationPrincipal => ({
      kind: 'user',
      name: user.UserName ?? '',
      arn: user.Arn ?? '',
      inline: inlineIn(user.UserPolicyList),
      attached: attachedIn(user.AttachedManagedPolicies),
      groups: user.GroupList ?? [],
      ...boundaryOf(user.PermissionsBoundary?.PermissionsBoundaryArn),
    }),
  );
  const groups = GroupDetailList.map(
    (group): AuthorizationPrincipal => ({
      kind: 'group',
      name: group.GroupName ?? '',
      arn: group.Arn ?? '',
      inline: inlineIn(group.GroupPolicyList),
      attached: attachedIn(group.AttachedManagedPolicies),
      groups: [],
    }),
  );
  return [...roles, ...users, ...groups];
}

/** IAM gives documents URL-encoded. */
function decoded(document: string | undefined): string {
  return decodeURIComponent(document ?? '');
}

function inlineIn(policies: NamedDocument[] = []): { [name: string]: string } {
  const texts = policies.map(({ PolicyName = '', PolicyDocument }) => [PolicyName, decoded(PolicyDocument)] as const);
  return Object.fromEntries(texts.filter(([, text]) => speaksOfJudged(text)));
}

function attachedIn(policies: Attached[] = []): string[] {
  return policies.flatMap(({ PolicyArn }) => PolicyArn ?? []);
}

function boundaryOf(arn: string | undefined): { permissionsBoundary?: string } {
  return arn === undefined ? {} : { permissionsBoundary: arn };
}

function managedIn({ Policies = [] }: Page) {
  return Policies.flatMap(({ Arn = '', AttachmentCount: attachments = 0, PolicyVersionList = [] }) => {
    const text = decoded(PolicyVersionList.find(({ IsDefaultVersion }) => IsDefaultVersion)?.Document);
    if (!speaksOfJudged(text)) return [];
    const byAws = /^arn:[^:]+:iam::aws:/.test(Arn);
    return [[Arn, { text: byAws ? cutToJudged(text) : text, attachments }] as const];
  });
}

export const authorizationParts: PartReaders<'iam.authorization'> = {
  'iam.authorization': {
    key: 'account',
    operations: ['iam:GetAccountAuthorizationDetails'],
    needs: [],
    read: readAuthorization,
  },
};
