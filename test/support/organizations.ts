import type { JsonObject, OrganizationPolicies, Snapshot } from '../../src/snapshot/types.ts';
import { ARCHIVE, type Given, overlay, part } from './building.ts';

/* Builders for what an organization is made of beside its accounts. */

const ROOT = 'r-acme';

/** Delegated administrators for CloudTrail: by default the archive account, or the first other member. */
export function withDelegatedAdministrators(
  snapshot: Snapshot,
  { administrators }: { administrators?: Given<{ [account: string]: { Name: string } }> } = {},
): Snapshot {
  const { organization } = snapshot.organization;
  const management = organization?.state === 'read' ? organization.value.MasterAccountId : '';
  const listed = snapshot['organization.accounts'].organization;
  const members = listed?.state === 'read' ? Object.values(listed.value).filter(({ Id }) => Id !== management) : [];
  const chosen = members.find(({ Id }) => Id === ARCHIVE) ?? members[0];
  const healthy = chosen === undefined ? {} : { [chosen.Id]: { Name: chosen.Name } };
  return overlay(snapshot, {
    'organization.delegatedAdministrators': { organization: part(administrators ?? healthy) },
  });
}

export interface GivenPolicy {
  name?: string;
  awsManaged?: boolean;
  content: JsonObject;
  targets?: string[];
}

/** A service control policy that denies members what would stop or blind their own trails. */
export const GUARDRAIL: JsonObject = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'KeepTheTrail',
      Effect: 'Deny',
      Action: [
        'cloudtrail:StopLogging',
        'cloudtrail:DeleteTrail',
        'cloudtrail:UpdateTrail',
        'cloudtrail:PutEventSelectors',
        'cloudtrail:PutInsightSelectors',
        'cloudtrail:DeleteEventDataStore',
      ],
      Resource: '*',
    },
  ],
};

const FULL_ACCESS: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/**
 * The tree of an organization: one root, every account directly below it unless `parents` says otherwise, and on the
 * root the policy that allows everything and `GUARDRAIL`. `policies` replaces the guardrail.
 */
export function withOrganizationPolicies(
  snapshot: Snapshot,
  {
    enabled = true,
    parents = {},
    policies = { 'p-guardrail': { content: GUARDRAIL } },
    tree,
  }: {
    enabled?: boolean;
    /** Parent by unit or account id; over those of the flat tree. */
    parents?: { [id: string]: string };
    /** By policy id; attached to the root unless they name targets. */
    policies?: { [policyId: string]: GivenPolicy };
    /** The whole part, where it could not be read for example. */
    tree?: Given<OrganizationPolicies>;
  } = {},
): Snapshot {
  const listed = snapshot['organization.accounts'].organization;
  const accounts = listed?.state === 'read' ? Object.keys(listed.value) : [];
  const all: { [id: string]: GivenPolicy } = {
    'p-FullAWSAccess': { name: 'FullAWSAccess', awsManaged: true, content: FULL_ACCESS },
    ...policies,
  };
  const built: OrganizationPolicies = {
    enabled,
    roots: [ROOT],
    parents: { ...Object.fromEntries(accounts.map((account) => [account, ROOT])), ...parents },
    policies: Object.fromEntries(
      Object.entries(all).map(([id, { name = id, awsManaged = false, content, targets = [ROOT] }]) => [
        id,
        { Name: name, AwsManaged: awsManaged, Content: JSON.stringify(content), targets },
      ]),
    ),
  };
  return overlay(snapshot, { 'organization.policies': { organization: part(tree ?? built) } });
}
