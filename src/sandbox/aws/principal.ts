/** Who a credential speaks for, as policies see it. */
import { arn } from './arn.ts';
import { attachedPolicy } from './managed-policies.ts';
import type { PolicyPrincipal } from './policy.ts';
import type { Account, Credential, Estate, PolicyDocument, RequestContext } from './types.ts';

export interface Grants {
  /** Account root: allowed everything that nothing denies. */
  root: boolean;
  serviceLinked: boolean;
  identity: PolicyDocument[];
  boundary: PolicyDocument | undefined;
  session: PolicyDocument[];
  tags: Record<string, string>;
}

/** The policies that speak for a credential. A deleted user or role is left with none. */
export function grantsOf(account: Account, credential: Credential): Grants {
  const { principal } = credential;
  const session = credential.sessionPolicies;
  const none: Grants = { root: false, serviceLinked: false, identity: [], boundary: undefined, session, tags: {} };
  if (principal.kind === 'root') return { ...none, root: true };
  const holder = principal.kind === 'user' ? account.users.get(principal.name) : account.roles.get(principal.name);
  if (!holder) return none;
  const groups = [...account.groups.values()].filter((group) => holds(group.members, principal));
  const identity = [holder, ...groups].flatMap((entity) => [
    ...entity.inline.values(),
    ...[...entity.attached].flatMap((policy) => attachedPolicy(account, policy) ?? []),
  ]);
  return {
    ...none,
    identity,
    // A boundary that names an unknown policy allows nothing.
    boundary:
      holder.boundary === undefined ? undefined : (attachedPolicy(account, holder.boundary) ?? { Statement: [] }),
    serviceLinked: holder.path.startsWith('/aws-service-role/'),
    tags: { ...(principal.kind === 'role' ? account.roles.get(principal.name)?.tags : {}), ...credential.sessionTags },
  };
}

function holds(members: Set<string>, principal: Credential['principal']): boolean {
  return principal.kind === 'user' && members.has(principal.name);
}

/** The caller as a `Principal` element can name it. */
export function policyPrincipal(estate: Estate, account: Account, credential: Credential): PolicyPrincipal {
  const named = { kind: 'aws' as const, account: account.id, arn: credential.arn };
  if (credential.principal.kind !== 'role') return named;
  return { ...named, roleArn: roleArnOf(estate, account, credential.principal.name) };
}

function roleArnOf(estate: Estate, account: Account, name: string): string {
  return arn(estate, 'iam', '', account.id, `role${account.roles.get(name)?.path ?? '/'}${name}`);
}

/** The condition keys that every request carries. The simulator stands for TLS endpoints, so SecureTransport is true. */
export function globalContext(context: RequestContext, tags: Record<string, string>): Record<string, string> {
  const { estate, account, credential, region } = context;
  const principal = policyPrincipal(estate, account, credential);
  return {
    'aws:PrincipalArn': (principal.kind === 'aws' && principal.roleArn) || credential.arn,
    'aws:PrincipalAccount': account.id,
    // SNS's default topic policy still asks for this old key: the account of the caller.
    'aws:SourceOwner': account.id,
    'aws:PrincipalType': credential.principal.kind === 'role' ? 'AssumedRole' : 'User',
    'aws:RequestedRegion': region,
    'aws:SecureTransport': 'true',
    'aws:SourceIp': '127.0.0.1',
    'aws:CurrentTime': estate.now().toISOString(),
    'aws:EpochTime': String(Math.floor(estate.now().getTime() / 1000)),
    'aws:ViaAWSService': 'false',
    'aws:PrincipalIsAWSService': 'false',
    ...(estate.organization && account.parentId !== undefined ? { 'aws:PrincipalOrgID': estate.organization.id } : {}),
    ...(credential.principal.kind === 'user' ? { 'aws:username': credential.principal.name } : {}),
    ...(credential.sourceIdentity ? { 'aws:SourceIdentity': credential.sourceIdentity } : {}),
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
  };
}
