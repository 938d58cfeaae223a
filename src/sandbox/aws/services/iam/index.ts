import { neededString } from '../../input.ts';
import type { Operation, Service } from '../../types.ts';
import { attachmentOperations } from './attachments.ts';
import { getAccountAuthorizationDetails } from './authorization.ts';
import { entityArn, noSuchEntity } from './entities.ts';
import { inlinePolicyOperations } from './inline.ts';
import { managedPolicyOperations } from './managed.ts';
import { iamPage } from './paging.ts';
import { roleOperations } from './roles.ts';

const getGroup: Operation = {
  quota: { class: 'read', perSecond: 20 },
  permissions: (context, input) => [
    {
      action: 'iam:GetGroup',
      resource: entityArn(
        context.estate,
        context.account,
        'Group',
        neededString(input, 'GroupName', 'ValidationError'),
      ),
    },
  ],
  handle(context, input) {
    const { estate, account } = context;
    const name = neededString(input, 'GroupName', 'ValidationError');
    const group = account.groups.get(name);
    if (!group) throw noSuchEntity(`The group with name ${name}`);
    const members = [...group.members].flatMap((member) => account.users.get(member) ?? []);
    const { items, marker } = iamPage(members, input);
    return {
      Group: {
        Path: group.path,
        GroupName: group.name,
        GroupId: group.id,
        Arn: entityArn(estate, account, 'Group', group.name),
        CreateDate: group.createdAt,
      },
      Users: items.map((user) => ({
        Path: user.path,
        UserName: user.name,
        UserId: user.id,
        Arn: entityArn(estate, account, 'User', user.name),
        CreateDate: user.createdAt,
      })),
      ...marker,
    };
  },
};

const listAccountAliases: Operation = {
  quota: { class: 'read', perSecond: 20 },
  permissions: () => [{ action: 'iam:ListAccountAliases', resource: '*' }],
  handle(context, input) {
    const { items, marker } = iamPage(context.account.alias === undefined ? [] : [context.account.alias], input);
    return { AccountAliases: items, ...marker };
  },
};

const iam: Service = {
  signingName: 'iam',
  protocol: 'query',
  xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  operations: {
    ...roleOperations,
    ...inlinePolicyOperations,
    ...managedPolicyOperations,
    ...attachmentOperations,
    GetAccountAuthorizationDetails: getAccountAuthorizationDetails,
    GetGroup: getGroup,
    ListAccountAliases: listAccountAliases,
  },
};

export default iam;
