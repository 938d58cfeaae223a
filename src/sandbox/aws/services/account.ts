import { arn } from '../arn.ts';
import { isRecord, stringIn, stringsIn } from '../input.ts';
import { pageOf, sizeOf } from '../paging.ts';
import { parseBody, writeJson } from '../protocols/json.ts';
import { type Account, AwsError, type Estate, type Input, type RequestContext, type Service } from '../types.ts';

const account: Service = {
  signingName: 'account',
  protocol: 'rest-json',
  operations: {
    ListRegions: {
      quota: { class: 'ListRegions', perSecond: 10 },
      permissions: (context, input) => [
        {
          action: 'account:ListRegions',
          resource: arn(context.estate, 'account', '', stringIn(input, 'AccountId') ?? context.account.id, 'account'),
        },
      ],
      handle(context, input) {
        const target = accountAsked(context, input);
        const wanted = stringsIn(input, 'RegionOptStatusContains');
        const regions = context.estate.regions
          .map((region) => ({ RegionName: region, RegionOptStatus: statusOf(context.estate, target, region) }))
          .filter((region) => wanted.length === 0 || wanted.includes(region.RegionOptStatus));
        const invalid = new AwsError('ValidationException', 'The NextToken is invalid.');
        const { items, next } = pageOf(regions, input.NextToken, sizeOf(input.MaxResults, 50), invalid);
        return { Regions: items, NextToken: next };
      },
    },
  },
  rest: {
    route(request) {
      if (request.method !== 'POST' || request.path !== '/listRegions') {
        throw new AwsError('UnknownOperationException', `Nothing at ${request.method} ${request.path}.`, 404);
      }
      const input = parseBody(request.body);
      return { operation: 'ListRegions', input: isRecord(input) ? input : {} };
    },
    render: (_operation, output) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: writeJson(output),
    }),
  },
};

function statusOf(estate: Estate, target: Account, region: string): string {
  if (estate.defaultRegions.includes(region)) return 'ENABLED_BY_DEFAULT';
  return target.enabledRegions.includes(region) ? 'ENABLED' : 'DISABLED';
}

/** Only the management account may name another one, and it may not name itself. */
function accountAsked(context: RequestContext, input: Input): Account {
  const id = stringIn(input, 'AccountId');
  if (id === undefined) return context.account;
  const management = context.estate.organization?.managementAccountId;
  const target = context.estate.accounts.get(id);
  if (context.account.id !== management || id === management || target?.parentId === undefined) {
    throw new AwsError('AccessDeniedException', `User is not authorized to access account ${id}.`, 403);
  }
  return target;
}

export default account;
