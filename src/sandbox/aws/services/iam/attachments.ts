/** Managed policies on roles, users and groups. */
import { neededString, stringIn } from '../../input.ts';
import { attachablePolicy, attachedPolicy } from '../../managed-policies.ts';
import { type Account, AwsError, type Operation, type RequestContext } from '../../types.ts';
import {
  boundaryContext,
  type Entity,
  entitiesOf,
  entityArn,
  type Kind,
  neededEntity,
  noSuchEntity,
  refuseServiceLinked,
} from './entities.ts';
import { iamPage } from './paging.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST = 10;

function attachment(
  kind: Kind,
  verb: 'Attach' | 'Detach',
  apply: (entity: Entity, policyArn: string, account: Account) => void,
): Operation {
  return {
    quota: { class: 'write', perSecond: 10 },
    permissions(context, input) {
      const name = neededString(input, `${kind}Name`, 'ValidationError');
      return [
        {
          action: `iam:${verb}${kind}Policy`,
          resource: entityArn(context.estate, context.account, kind, name),
          context: {
            'iam:PolicyARN': neededString(input, 'PolicyArn', 'ValidationError'),
            ...boundaryContext(context.account, kind, name),
          },
        },
      ];
    },
    handle(context, input) {
      const entity = neededEntity(context, kind, neededString(input, `${kind}Name`, 'ValidationError'));
      refuseServiceLinked(entity);
      apply(entity, neededString(input, 'PolicyArn', 'ValidationError'), context.account);
      return {};
    },
  };
}

const attach = (kind: Kind) =>
  attachment(kind, 'Attach', (entity, policyArn, account) => {
    if (!attachablePolicy(account, policyArn)) throw noSuchEntity(`Policy ${policyArn}`);
    if (!entity.attached.has(policyArn) && entity.attached.size >= MOST) {
      const name = `${kind.toLowerCase()} ${entity.name}`;
      throw new AwsError('LimitExceeded', `Cannot exceed quota for PoliciesPer${kind}: ${MOST} (${name})`, 409);
    }
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
  ListEntitiesForPolicy: {
    quota: { class: 'read', perSecond: 20 },
    permissions: (_context, input) => [
      { action: 'iam:ListEntitiesForPolicy', resource: neededString(input, 'PolicyArn', 'ValidationError') },
    ],
    handle(context, input) {
      const policyArn = neededString(input, 'PolicyArn', 'ValidationError');
      const holders = holdersOf(context, policyArn, stringIn(input, 'EntityFilter'));
      // A retired policy is forgotten once nobody holds it.
      const known = holders.length > 0 ? attachedPolicy : attachablePolicy;
      if (!known(context.account, policyArn)) throw noSuchEntity(`Policy ${policyArn}`);
      const { items, marker } = iamPage(holders, input);
      const of = (kind: Kind) =>
        items
          .filter((item) => item.kind === kind)
          .map((item) => ({ [`${kind}Name`]: item.name, [`${kind}Id`]: item.id }));
      return { PolicyGroups: of('Group'), PolicyUsers: of('User'), PolicyRoles: of('Role'), ...marker };
    },
  },
};
