/** Who may enter an estate: its roots, by keys that a person may use, and the bot's hub, reader and fixer. */
import { accessKey, allow, policy, role, trust, user } from '../builders.ts';
import type { Account, Credential, Estate, Json } from '../types.ts';
import { DEMO_EXTERNAL_ID, DEMO_FIXER, DEMO_HUB, DEMO_READER } from './demo-access.ts';

/** An estate, the key of the hub user by which the bot enters it, and the trail-check.yaml that fits it, as JSON. */
export interface SimulatedEstate {
  estate: Estate;
  hub: Credential;
  configuration: { [key: string]: Json };
}

/**
 * Gives every account a key of its root and the bot's two roles, and one account the hub, whose key is returned.
 * Accounts in `closed` have no roles of the bot: it cannot get in there.
 */
export function addHub(estate: Estate, account: Account, closed: readonly Account[] = []): Credential {
  const { partition } = estate;
  const into = [DEMO_READER, DEMO_FIXER].map((name) => `arn:${partition}:iam::*:role/${name}`);
  const enter = policy(allow(['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'], into));
  const hub = accessKey(estate, account, user(account, DEMO_HUB, { inline: { hub: enter } }), {
    accessKeyId: `AKIAHUBX${account.id}`,
    secretAccessKey: `sandbox-hub-secret-of-${account.id}`,
  });
  const asked = { 'sts:ExternalId': DEMO_EXTERNAL_ID };
  for (const each of estate.accounts.values()) {
    // `demoAdministrators` finds them by this id.
    accessKey(estate, each, 'root', {
      accessKeyId: `AKIADEMO${each.id}`,
      secretAccessKey: `sandbox-secret-of-${each.id}`,
    });
    if (closed.includes(each)) continue;
    role(each, DEMO_READER, {
      trust: trust(hub.arn, { StringEquals: asked }),
      attached: [`arn:${partition}:iam::aws:policy/ReadOnlyAccess`],
    });
    role(each, DEMO_FIXER, {
      trust: trust(hub.arn, {
        StringEquals: asked,
        StringLike: { 'sts:RoleSessionName': 'tc-*', 'sts:SourceIdentity': '*' },
      }),
      // The session policy of a fix names the few actions it needs.
      attached: [`arn:${partition}:iam::aws:policy/AdministratorAccess`],
    });
  }
  return hub;
}

/** What every configuration says of the roles that `addHub` makes. */
export function botRoles(region: string): { [key: string]: Json } {
  return {
    region,
    reader: { role: DEMO_READER, externalId: DEMO_EXTERNAL_ID },
    fixer: { role: DEMO_FIXER, externalId: DEMO_EXTERNAL_ID },
  };
}
