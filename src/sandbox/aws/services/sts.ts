import type { RequestContext, Service } from '../types.ts';
import { assumeRole } from './assume-role.ts';

const sts: Service = {
  signingName: 'sts',
  protocol: 'query',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  operations: {
    AssumeRole: assumeRole,
    GetCallerIdentity: {
      // Nothing can deny it: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
      permissions: () => [],
      handle: (context) => ({ UserId: userId(context), Account: context.account.id, Arn: context.credential.arn }),
    },
  },
};

function userId({ account, credential }: RequestContext): string {
  const { principal } = credential;
  if (principal.kind === 'root') return account.id;
  if (principal.kind === 'user') return account.users.get(principal.name)?.id ?? account.id;
  return `${account.roles.get(principal.name)?.id ?? ''}:${credential.sessionName ?? ''}`;
}

export default sts;
