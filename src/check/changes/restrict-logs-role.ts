import type { Role } from '../../snapshot/types.ts';
import { isPolicyError, parsePolicy } from '../evaluators/policy/parse.ts';
import type { PolicyDocument, RawStatement } from '../evaluators/policy/types.ts';
import { deliverStatement, type RolePolicy, streamObstacles } from '../logs-role.ts';
import type { Change, Undo } from '../plan.ts';
import { accountOf } from '../subject.ts';

/** The only trust CloudTrail needs. No condition goes into it: delivery has stopped because of one. */
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

const NEW_POLICY = 'deliver-to-log-group';

/** What a role delivers to. */
export interface Delivery {
  group: string;
  /** Its id, where members of an organization deliver too. */
  organization: string | undefined;
}

/**
 * Cuts a role down to delivering: excess statements go, everything else in its policies stays as read. What it still
 * lacks after that is put before anything goes, in the first policy that is rewritten anyway, so that the role is able
 * to deliver at every step. Managed policies come off last. `byHand` says why people have to do it.
 */
export function restrictLogsRole(
  role: Role,
  policies: readonly RolePolicy[],
  { group, organization }: Delivery,
  mendTrust: boolean,
): { changes: Change[] } | { byHand: string } {
  const broad = policies.filter(({ excess }) => excess.length > 0);
  const managed = broad.filter(({ attached }) => attached);
  const denying = managed.find(({ policy }) => policy.statements.some(({ effect }) => effect === 'Deny'));
  if (denying !== undefined) return { byHand: `${denying.name} also denies, and taking it off would lose that.` };
  const enough = streamObstacles(restricted(policies), role.Arn, group, organization).length === 0;
  const missing = enough ? undefined : deliverStatement(group, organization);
  const [left] = streamObstacles(restricted(policies, missing), role.Arn, group, organization);
  if (left !== undefined) return { byHand: `A Deny in a policy of the role stands in the way: ${left.text}.` };
  const edit = editor(role);
  const inline = broad.filter(({ attached }) => !attached);
  const [carrier] = inline;
  const others = missing === undefined ? inline : inline.slice(1);
  const changes = [
    ...(missing === undefined ? [] : [edit.put(carrier?.name ?? freeName(role), withStatement(carrier, missing))]),
    ...(mendTrust ? [edit.trust()] : []),
    ...others.map((it) => {
      const document = { ...it.policy.raw, Statement: keptOf(it) };
      return document.Statement.length === 0 ? edit.remove(it.name) : edit.put(it.name, document);
    }),
    ...managed.map(({ name }) => edit.detach(name)),
  ];
  return { changes };
}

/** What the role's policies say once the excess is gone, `missing` added. */
function restricted(policies: readonly RolePolicy[], missing?: RawStatement): PolicyDocument[] {
  const kept = policies
    .filter(({ attached, excess }) => !attached || excess.length === 0)
    .map((it) => ({ ...it.policy.raw, Statement: keptOf(it) }));
  const documents = missing === undefined ? kept : [...kept, { Version: '2012-10-17', Statement: [missing] }];
  return documents.flatMap((document) => {
    const policy = parsePolicy(document);
    return isPolicyError(policy) ? [] : [policy];
  });
}

function keptOf({ policy, excess }: RolePolicy): readonly RawStatement[] {
  return policy.raw.Statement.filter((_, index) => !excess.includes(index));
}

function withStatement(carrier: RolePolicy | undefined, missing: RawStatement): object {
  if (carrier === undefined) return { Version: '2012-10-17', Statement: [missing] };
  const kept = keptOf(carrier);
  const { Sid, ...unnamed } = missing;
  const statement = kept.some((it) => it.Sid === Sid) ? unnamed : missing;
  return { ...carrier.policy.raw, Statement: [...kept, statement] };
}

function freeName({ inline }: Role): string {
  let name = NEW_POLICY;
  for (let number = 2; inline[name] !== undefined; number++) name = `${NEW_POLICY}-${number}`;
  return name;
}

/** Builds changes one after the other: each expects what the one before it leaves. */
function editor(role: Role) {
  const { RoleName } = role;
  const account = accountOf(role.Arn);
  let inline = role.inline;
  let attached = role.attached;
  const call = { account, region: '', resource: role.Arn } as const;
  const target = `iam.role:${account}/${RoleName}` as const;
  const back = (operation: string, input: Undo['input'], summary: string): Undo => ({
    ...call,
    operation,
    input,
    summary,
    automatic: true,
  });
  const putBack = (PolicyName: string, PolicyDocument: string) =>
    back('iam:PutRolePolicy', { RoleName, PolicyName, PolicyDocument }, `Put the saved policy ${PolicyName} back.`);
  const withInline = (next: Role['inline']) => {
    const change = { target, expect: { inline }, result: { inline: next } };
    inline = next;
    return change;
  };
  return {
    put(PolicyName: string, document: object): Change {
      const PolicyDocument = JSON.stringify(document);
      const saved = inline[PolicyName];
      return {
        ...call,
        operation: 'iam:PutRolePolicy',
        input: { RoleName, PolicyName, PolicyDocument },
        summary:
          saved === undefined
            ? `Let the role ${RoleName} write to the log group, by the policy ${PolicyName}.`
            : `Cut the policy ${PolicyName} of the role ${RoleName} down to writing to the log group.`,
        ...withInline({ ...inline, [PolicyName]: PolicyDocument }),
        undo:
          saved === undefined
            ? back('iam:DeleteRolePolicy', { RoleName, PolicyName }, `Take the policy ${PolicyName} away again.`)
            : putBack(PolicyName, saved),
      };
    },
    remove(PolicyName: string): Change {
      const { [PolicyName]: saved = '', ...rest } = inline;
      return {
        ...call,
        operation: 'iam:DeleteRolePolicy',
        input: { RoleName, PolicyName },
        summary: `Take the policy ${PolicyName} away from the role ${RoleName}.`,
        ...withInline(rest),
        undo: putBack(PolicyName, saved),
      };
    },
    trust(): Change {
      const operation = 'iam:UpdateAssumeRolePolicy';
      const saved = role.AssumeRolePolicyDocument;
      return {
        ...call,
        operation,
        input: { RoleName, PolicyDocument: TRUST },
        summary: `Let CloudTrail, and nobody else, assume the role ${RoleName}.`,
        target,
        expect: { AssumeRolePolicyDocument: saved },
        result: { AssumeRolePolicyDocument: TRUST },
        undo: back(operation, { RoleName, PolicyDocument: saved }, 'Put the saved trust policy back.'),
      };
    },
    detach(PolicyArn: string): Change {
      const { [PolicyArn]: _, ...rest } = attached;
      const change = { target, expect: { attached }, result: { attached: rest } };
      attached = rest;
      const name = PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1);
      return {
        ...call,
        operation: 'iam:DetachRolePolicy',
        input: { RoleName, PolicyArn },
        summary: `Detach ${name} from the role ${RoleName}.`,
        ...change,
        undo: back('iam:AttachRolePolicy', { RoleName, PolicyArn }, `Attach ${name} again.`),
      };
    },
  };
}
