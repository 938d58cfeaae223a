/** Inline policies of roles, users and groups. */
import { neededString, stringIn } from '../../input.ts';
import { parsePolicy } from '../../policy-document.ts';
import { AwsError, type Input, type Operation, type Permission, type RequestContext } from '../../types.ts';
import {
  boundaryContext,
  encodedDocument,
  entityArn,
  type Kind,
  neededEntity,
  noSuchEntity,
  refuseServiceLinked,
} from './entities.ts';
import { iamPage } from './paging.ts';

const read = { class: 'read', perSecond: 20 };
const write = { class: 'write', perSecond: 10 };

/** Characters of all inline policies of one together, white space left out. */
const LONGEST: Record<Kind, number> = { Role: 10_240, User: 2048, Group: 5120 };

function inlineOperations(kind: Kind): Record<string, Operation> {
  const holder = (input: Input) => neededString(input, `${kind}Name`, 'ValidationError');
  const policyName = (input: Input) => neededString(input, 'PolicyName', 'ValidationError');
  const on =
    (action: string) =>
    (context: RequestContext, input: Input): Permission[] => [
      {
        action: `iam:${action}`,
        resource: entityArn(context.estate, context.account, kind, holder(input)),
        context: boundaryContext(context.account, kind, holder(input)),
      },
    ];
  const unknown = (name: string) => noSuchEntity(`The ${kind.toLowerCase()} policy with name ${name}`);
  return {
    [`Put${kind}Policy`]: {
      quota: write,
      permissions: on(`Put${kind}Policy`),
      handle(context, input) {
        const document = parsePolicy(neededString(input, 'PolicyDocument', 'ValidationError'));
        const entity = neededEntity(context, kind, holder(input));
        refuseServiceLinked(entity);
        const all = new Map(entity.inline).set(policyName(input), document);
        const length = [...all.values()].reduce((sum, one) => sum + JSON.stringify(one).length, 0);
        if (length > LONGEST[kind]) {
          throw new AwsError('LimitExceeded', `Maximum policy size of ${LONGEST[kind]} bytes exceeded`, 409);
        }
        entity.inline.set(policyName(input), document);
        return {};
      },
    },
    [`Get${kind}Policy`]: {
      quota: read,
      permissions: on(`Get${kind}Policy`),
      handle(context, input) {
        const document = neededEntity(context, kind, holder(input)).inline.get(policyName(input));
        if (!document) throw unknown(policyName(input));
        return {
          [`${kind}Name`]: holder(input),
          PolicyName: policyName(input),
          PolicyDocument: encodedDocument(document),
        };
      },
    },
    [`Delete${kind}Policy`]: {
      quota: write,
      permissions: on(`Delete${kind}Policy`),
      handle(context, input) {
        const entity = neededEntity(context, kind, holder(input));
        refuseServiceLinked(entity);
        if (!entity.inline.delete(policyName(input))) throw unknown(policyName(input));
        return {};
      },
    },
    [`List${kind}Policies`]: {
      quota: read,
      permissions: on(`List${kind}Policies`),
      handle(context, input) {
        const { items, marker } = iamPage([...neededEntity(context, kind, holder(input)).inline.keys()], input);
        return { PolicyNames: items, ...marker };
      },
    },
    [`ListAttached${kind}Policies`]: {
      quota: read,
      permissions: on(`ListAttached${kind}Policies`),
      handle(context, input) {
        const entity = neededEntity(context, kind, holder(input));
        const path = stringIn(input, 'PathPrefix') ?? '/';
        const policies = [...entity.attached]
          .map((PolicyArn) => ({ PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1), PolicyArn }))
          .filter(({ PolicyArn }) => PolicyArn.slice(PolicyArn.indexOf('/')).startsWith(path));
        const { items, marker } = iamPage(policies, input);
        return { AttachedPolicies: items, ...marker };
      },
    },
  };
}

export const inlinePolicyOperations: Record<string, Operation> = {
  ...inlineOperations('Role'),
  ...inlineOperations('User'),
  ...inlineOperations('Group'),
};
