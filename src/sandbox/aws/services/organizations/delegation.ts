/** Delegated administrators: member accounts that administer one service for the whole organization. */
import { neededString, stringIn } from '../../input.ts';
import { AwsError, type Input, type Operation, type Organization, type RequestContext } from '../../types.ts';
import { describeAccount, neededMember, ofService, operation, paged, targetArn } from './common.ts';

/** AWS does not say when it was; the simulator says the day the account joined. */
function delegated(context: RequestContext, organization: Organization, id: string) {
  const account = neededMember(context, id);
  return { ...describeAccount(context, organization, account), DelegationEnabledDate: account.joinedAt };
}

const onAccount = (context: RequestContext, organization: Organization, input: Input) => ({
  resource: targetArn(context, organization, String(input.AccountId ?? '')),
  ...ofService(input),
});

/** Makes a member the administrator of a service; what CloudTrail's own operation does, too. */
export function register(context: RequestContext, organization: Organization, id: string, service: string): void {
  neededMember(context, id);
  if (id === organization.managementAccountId) {
    throw new AwsError(
      'ConstraintViolationException',
      'You cannot register the management account as a delegated administrator.',
    );
  }
  if (!organization.trustedAccess.has(service)) {
    throw new AwsError('ConstraintViolationException', `Service access is not enabled for ${service}.`);
  }
  const administrators = organization.delegatedAdministrators.get(service) ?? new Set();
  if (administrators.has(id)) {
    throw new AwsError('AccountAlreadyRegisteredException', `Account ${id} is registered for ${service} already.`);
  }
  organization.delegatedAdministrators.set(service, administrators.add(id));
}

export function deregister(context: RequestContext, organization: Organization, id: string, service: string): void {
  neededMember(context, id);
  if (organization.delegatedAdministrators.get(service)?.delete(id)) return;
  throw new AwsError('AccountNotRegisteredException', `Account ${id} is not registered for ${service}.`);
}

export const delegationOperations: Record<string, Operation> = {
  ListDelegatedAdministrators: operation(
    'ListDelegatedAdministrators',
    'administrator',
    (context, organization, input) => {
      const service = stringIn(input, 'ServicePrincipal');
      const all = organization.delegatedAdministrators;
      const ids = service === undefined ? [...all.values()].flatMap((set) => [...set]) : [...(all.get(service) ?? [])];
      const described = [...new Set(ids)].map((id) => delegated(context, organization, id));
      return paged(described, input, 'DelegatedAdministrators');
    },
    (_context, _organization, input) => ofService(input),
  ),
  ListDelegatedServicesForAccount: operation(
    'ListDelegatedServicesForAccount',
    'administrator',
    (context, organization, input) => {
      const account = neededMember(context, neededString(input, 'AccountId', 'InvalidInputException'));
      const services = [...organization.delegatedAdministrators].filter(([, ids]) => ids.has(account.id));
      if (services.length === 0) {
        throw new AwsError('AccountNotRegisteredException', `Account ${account.id} administers no service.`);
      }
      const described = services.map(([ServicePrincipal]) => ({
        ServicePrincipal,
        DelegationEnabledDate: account.joinedAt,
      }));
      return paged(described, input, 'DelegatedServices');
    },
    onAccount,
  ),
  RegisterDelegatedAdministrator: operation(
    'RegisterDelegatedAdministrator',
    'management',
    (context, organization, input) => {
      const id = neededString(input, 'AccountId', 'InvalidInputException');
      register(context, organization, id, neededString(input, 'ServicePrincipal', 'InvalidInputException'));
      return {};
    },
    onAccount,
  ),
  DeregisterDelegatedAdministrator: operation(
    'DeregisterDelegatedAdministrator',
    'management',
    (context, organization, input) => {
      const id = neededString(input, 'AccountId', 'InvalidInputException');
      deregister(context, organization, id, neededString(input, 'ServicePrincipal', 'InvalidInputException'));
      return {};
    },
    onAccount,
  ),
};
