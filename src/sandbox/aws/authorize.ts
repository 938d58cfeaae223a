/**
 * Whether a caller may do what a call needs: service control policies, identity policies, boundary, session policies and
 * the policy on the resource, as
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
import { accountOf } from './arn.ts';
import { controlsOn } from './controls.ts';
import { type Decision, decide, globMatches, type PolicyRequest } from './policy.ts';
import { type Grants, globalContext, grantsOf, policyPrincipal } from './principal.ts';
import type { Permission, PolicyDocument, RequestContext } from './types.ts';

/** The first permission that is refused, in AWS's words; undefined when all are granted. */
export function refusal(context: RequestContext, permissions: Permission[]): string | undefined {
  const grants = grantsOf(context.account, context.credential);
  const controls = grants.serviceLinked ? [] : controlsOn(context.estate, context.account);
  for (const permission of permissions) {
    const because = knobRefusal(context, permission) ?? policyRefusal(context, grants, controls, permission);
    if (because !== undefined) {
      const resource = permission.action.startsWith('s3:') ? `"${permission.resource}"` : permission.resource;
      return `User: ${context.credential.arn} is not authorized to perform: ${permission.action} on resource: ${resource} ${because}`;
    }
  }
  return undefined;
}

/** Denied by hand: for the caller's account, or for the account that owns the resource. */
function knobRefusal(context: RequestContext, permission: Permission): string | undefined {
  const concerned = [context.account.id, accountOf(permission.resource), permission.resourcePolicy?.owner, '*'];
  const entry = context.estate.knobs.denied.find(
    (denied) =>
      concerned.includes(denied.account) &&
      (denied.region === undefined || denied.region === context.region) &&
      globMatches(denied.action.toLowerCase(), permission.action.toLowerCase()),
  );
  if (!entry) return undefined;
  return entry.scp ? explicitDeny('a service control policy') : noAllow('identity-based policy', permission.action);
}

function policyRefusal(
  context: RequestContext,
  grants: Grants,
  controls: PolicyDocument[][],
  permission: Permission,
): string | undefined {
  const { estate, account, credential } = context;
  const keys = { ...globalContext(context, grants.tags), ...permission.context };
  const owner = permission.resourcePolicy?.owner ?? account.id;
  const asked: PolicyRequest = {
    action: permission.action,
    resource: permission.resource,
    context: { 'aws:ResourceAccount': owner, ...keys },
  };
  const overall = (documents: PolicyDocument[]) => merge(documents.map((document) => decide(document, asked)));

  const levels = controls.map(overall);
  const identity = overall(grants.identity);
  const boundary = grants.boundary && overall([grants.boundary]);
  const session = grants.session.length > 0 ? overall(grants.session) : undefined;
  const onResource = decideOnResource(permission, {
    ...asked,
    principal: policyPrincipal(estate, account, credential),
  });

  if (levels.some((level) => level.denied)) return explicitDeny('a service control policy');
  if (onResource.denied) return explicitDeny('a resource-based policy');
  if (identity.denied) return explicitDeny('an identity-based policy');
  if (boundary?.denied) return explicitDeny('a permissions boundary');
  if (session?.denied) return explicitDeny('a session policy');
  if (levels.some((level) => level.grant === 'none')) return noAllow('service control policy', permission.action);

  const sameAccount = owner === account.id;
  // A key or a role is reached only through its own policy, which may hand the decision to the account's IAM policies.
  const decisive = /^(kms|sts):/.test(permission.action) && permission.resourcePolicy !== undefined;
  const byResource = onResource.grant !== 'none';
  if ((decisive || !sameAccount) && !byResource) return noAllow('resource-based policy', permission.action);
  const direct = sameAccount && byResource && onResource.grant !== 'account';
  // A grant to exactly this session or user is not limited by boundary and session policies, one to its role is.
  const exact = direct && onResource.grant === 'exact';
  if (!grants.root && !direct && identity.grant === 'none') return noAllow('identity-based policy', permission.action);
  if (!exact && boundary && boundary.grant === 'none') return noAllow('permissions boundary', permission.action);
  if (!exact && session && session.grant === 'none') return noAllow('session policy', permission.action);
  return undefined;
}

function decideOnResource(permission: Permission, asked: PolicyRequest): Decision {
  const document = permission.resourcePolicy?.document;
  return document ? decide(document, asked) : { denied: false, grant: 'none' };
}

function merge(decisions: Decision[]): Decision {
  return {
    denied: decisions.some((decision) => decision.denied),
    grant: decisions.find((decision) => decision.grant !== 'none')?.grant ?? 'none',
  };
}

function explicitDeny(kind: string): string {
  return `with an explicit deny in ${kind}`;
}

function noAllow(kind: string, action: string): string {
  return `because no ${kind} allows the ${action} action`;
}
