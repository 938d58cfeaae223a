/** Managed policies on roles, users and groups. */
import { neededString, stringIn } from '../../input.ts';
import { managedPolicy } from '../../managed-policies.ts';
import type { Operation, RequestContext } from '../../types.ts';
import { type Entity, entitiesOf, entityArn, type Kind, neededEntity, noSuchEntity } from './entities.ts';
import { iamPage } from './paging.ts';

function attachment(
  kind: Kind,
  verb: 'Attach' | 'Detach',
  apply: (entity: Entity, policyArn: string) => void,
): Operation {
  return {
    quota: { class: 'write', perSecond: 10 },
    permissions(context, input) {
      const name = neededString(input, `${kind}Name`, 'ValidationError');
      return [
        {
          action: `iam:${verb}${kind}Policy`,
          resource: entityArn(context.estate, context.account, kind, name),
          context: { 'iam:PolicyARN': neededString(input, 'PolicyArn', 'ValidationError') },
        },
      ];
    },
    handle(context, input) {
      const entity = neededEntity(context, kind, neededString(input, `${kind}Name`, 'ValidationError'));
      apply(entity, neededString(input, 'PolicyArn', 'ValidationError'));
      return {};
    },
  };
}

const attach = (kind: Kind) =>
  attachment(kind, 'Attach', (entity, policyArn) => {
    if (!managedPolicy(policyArn)) throw noSuchEntity(`Policy ${policyArn}`);
    entity.attached.add(policyArn);
  });

const detach = (kind: Kind) =>
  attachment(kind, 'Detach', (entity, policyArn) => {
    if (!entity.attached.delete(policyArn)) throw noSuchEntity(`Policy ${policyArn}`);
  });

interface Attached {
  kind: Kind;
  name: string;
  id: string;
}

/** Every entity of the account with that policy, groups first as AWS has them. */
function holdersOf({ account }: RequestContext, policyArn: string, filter: string | undefined): Attached[] {
  const kinds: Kind[] = ['Group', 'User', 'Role'];
  return kinds
    .filter((kind) => filter === undefined || filter === kind)
    .flatMap((kind) =>
      [...entitiesOf(account, kind).values()]
        .filter((entity) => entity.attached.has(policyArn))
        .map((entity) => ({ kind, name: entity.name, id: entity.id })),
    );
}

export const attachmentOperations: Record<string, Operation> = {
  AttachRolePolicy: attach('Role'),
  AttachUserPolicy: attach('User'),
  AttachGroupPolicy: attach('Group'),
  DetachRolePolicy: detach('Role'),
  DetachUserPolicy: detach('User'),
  DetachGroupPolicy: detach('Group'),
  ListAttachedRolePolicies: {
    quota: { class: 'read', perSecond: 20 },
    permissions: (context, input) => [
      {
        action: 'iam:ListAttachedRolePolicies',
        resource: entityArn(
          context.estate,
          context.account,
          'Role',
          neededString(input, 'RoleName', 'ValidationError'),
        ),
      },
    ],
    handle(context, input) {
      const role = neededEntity(context, 'Role', neededString(input, 'RoleName', 'ValidationError'));
      const { items, marker } = iamPage([...role.attached], input);
      const policies = items.map((policyArn) => ({
        PolicyName: policyArn.slice(policyArn.lastIndexOf('/') + 1),
        PolicyArn: policyArn,
      }));
      return { AttachedPolicies: policies, ...marker };
    },
  },
  ListEntitiesForPolicy: {
    quota: { class: 'read', perSecond: 20 },
    permissions: (_context, input) => [
      { action: 'iam:ListEntitiesForPolicy', resource: neededString(input, 'PolicyArn', 'ValidationError') },
    ],
    handle(context, input) {
      const policyArn = neededString(input, 'PolicyArn', 'ValidationError');
      if (!managedPolicy(policyArn)) throw noSuchEntity(`Policy ${policyArn}`);
      const { items, marker } = iamPage(holdersOf(context, policyArn, stringIn(input, 'EntityFilter')), input);
      const of = (kind: Kind) =>
        items
          .filter((item) => item.kind === kind)
          .map((item) => ({ [`${kind}Name`]: item.name, [`${kind}Id`]: item.id }));
      return { PolicyGroups: of('Group'), PolicyUsers: of('User'), PolicyRoles: of('Role'), ...marker };
    },
  },
};
