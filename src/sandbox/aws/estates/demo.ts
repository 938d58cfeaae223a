/**
 * The demo estate: an organization of six accounts, as one finds them. `demoExpectations` (demo-expectations.ts) says what
 * the checks must find in it. The shared archive and the organization trail belong to everybody; prod is two accounts:
 *
 * | account                         | story                                                                             |
 * |---------------------------------|-----------------------------------------------------------------------------------|
 * | 111111111111 acme-management    | owns the organization trail: everywhere, logging, but writes only, no digests, no key |
 * | 222222222222 acme-log-archive   | owns the log buckets; the main one is neither watched nor aged, and a backup vendor may write to it |
 * | 333333333333 acme-prod-web      | has a good trail of its own, whose alarm tells nobody; a deploy role may rewire trails |
 * | 444444444444 acme-prod-data     | has an old trail, stopped, with a bucket that the world may read; hides its people    |
 * | 555555555555 acme-staging       | as it should be                                                                    |
 * | 666666666666 acme-sandbox       | has a trail whose bucket is gone, and a policy that hides IAM from everybody          |
 */
import { addAccount, addOrganization, emptyEstate, policy, recorder, serviceLinkedRole, trail } from '../builders.ts';
import type { Account, Credential, Estate } from '../types.ts';
import { addAccess } from './demo-access.ts';
import { DEMO_ACCOUNTS, DEMO_BUCKETS, DEMO_ORGANIZATION } from './demo-names.ts';
import { addData, addWeb } from './demo-prod.ts';
import { addArchive, addOrganizationTrail, addWatch } from './demo-shared.ts';
import { addStaging } from './demo-staging.ts';

export * from './demo-names.ts';

/** The estate, and the key of the hub user by which the bot enters it. */
export function demoEstate(now?: () => Date): { estate: Estate; hub: Credential } {
  const estate = emptyEstate(now);
  addOrganization(estate, {
    id: DEMO_ORGANIZATION,
    managementAccountId: DEMO_ACCOUNTS.management,
    units: { Security: 'Root', Workloads: 'Root', Prod: 'Workloads', Staging: 'Workloads', Sandbox: 'Root' },
  });
  const { management, archive, web, data, staging, sandbox } = addAccounts(estate);
  for (const account of estate.accounts.values()) {
    serviceLinkedRole(account, 'cloudtrail.amazonaws.com', 'AWSServiceRoleForCloudTrail');
  }
  addArchive(estate, archive);
  addWatch(estate, archive, [management, archive, data, staging]);
  addOrganizationTrail(estate, management);
  addWeb(estate, web);
  addData(estate, data);
  addStaging(estate, staging, archive);
  addSandbox(estate, sandbox);
  return { estate, hub: addAccess(estate, management, archive) };
}

/** Names keep to AWS's characters; tags of Organizations may hold anything, so they do. */
function addAccounts(estate: Estate) {
  const { management, archive, web, data, staging, sandbox } = DEMO_ACCOUNTS;
  return {
    management: addAccount(estate, { id: management, name: 'acme-management', unit: 'Root', alias: 'acme' }),
    archive: addAccount(estate, { id: archive, name: 'acme-log-archive', unit: 'Security', alias: 'acme-log-archive' }),
    web: addAccount(estate, {
      id: web,
      name: 'acme-prod-web',
      unit: 'Prod',
      alias: 'acme-prod-web',
      tags: { env: 'prod', owner: '<!channel> *web* team 🕸️ <https://example.com|click>' },
    }),
    data: addAccount(estate, {
      id: data,
      name: 'acme-prod-data',
      unit: 'Prod',
      alias: 'acme-prod-data',
      tags: { env: 'prod', owner: 'فريق البيانات \u202Eatad' },
      // Who is who in this account is no business of outsiders.
      serviceControlPolicies: [
        policy(
          { Effect: 'Allow', Action: '*', Resource: '*' },
          { Sid: 'HidePeople', Effect: 'Deny', Action: 'iam:GetAccountAuthorizationDetails', Resource: '*' },
        ),
      ],
    }),
    staging: addAccount(estate, { id: staging, name: 'acme-staging', unit: 'Staging', tags: { env: 'staging' } }),
    sandbox: addAccount(estate, {
      id: sandbox,
      name: 'acme-sandbox <!everyone> & friends',
      unit: 'Sandbox',
      tags: { env: 'sandbox', note: 'x'.repeat(256) },
      // IAM is nobody's business here, not even the bot's: its question about a policy's holders stays unanswered.
      serviceControlPolicies: [
        policy(
          { Effect: 'Allow', Action: '*', Resource: '*' },
          { Sid: 'HideIam', Effect: 'Deny', Action: ['iam:ListEntitiesForPolicy', 'iam:GetAccount*'], Resource: '*' },
        ),
      ],
    }),
  };
}

/** Somebody tidied the bucket away; its name is free for anyone. AWS Config was tried in one region. */
function addSandbox(estate: Estate, sandbox: Account): void {
  trail(estate, sandbox, { name: 'sandbox-trail', bucket: DEMO_BUCKETS.gone });
  recorder(sandbox, 'us-east-1');
}
