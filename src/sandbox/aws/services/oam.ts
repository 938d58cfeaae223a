/** CloudWatch observability access manager: what an account shares with monitoring accounts. */
import { arn } from '../arn.ts';
import { neededString } from '../input.ts';
import { pageOf, sizeOf } from '../paging.ts';
import { parseBody, writeJson } from '../protocols/json.ts';
import { regionOf } from '../region.ts';
import {
  AwsError,
  type Operation,
  type Output,
  type RequestContext,
  type Service,
  type SharingLink,
} from '../types.ts';

function linksOf({ account, region }: RequestContext): Map<string, SharingLink> {
  return regionOf(account, region).links;
}

function listed(link: SharingLink): Output {
  return { Arn: link.arn, Id: link.id, Label: link.label, ResourceTypes: link.resourceTypes, SinkArn: link.sinkArn };
}

function described(link: SharingLink): Output {
  const filter = link.logGroupFilter;
  return {
    ...listed(link),
    LabelTemplate: '$AccountName',
    LinkConfiguration: filter === undefined ? undefined : { LogGroupConfiguration: { Filter: filter } },
    Tags: {},
  };
}

/** On one link, named by its ARN in `Identifier`. */
function onLink(action: string, handle: (context: RequestContext, link: SharingLink) => Output): Operation {
  return {
    permissions: (_context, input) => [
      { action: `oam:${action}`, resource: neededString(input, 'Identifier', 'InvalidParameterException') },
    ],
    handle(context, input) {
      const asked = neededString(input, 'Identifier', 'InvalidParameterException');
      const link = linksOf(context).get(asked);
      if (!link) throw new AwsError('ResourceNotFoundException', `There is no link ${asked}.`, 404);
      return handle(context, link);
    },
  };
}

const oam: Service = {
  signingName: 'oam',
  protocol: 'rest-json',
  operations: {
    ListLinks: {
      permissions: ({ estate, account, region }) => [
        { action: 'oam:ListLinks', resource: arn(estate, 'oam', region, account.id, '/ListLinks') },
      ],
      handle(context, input) {
        const invalid = new AwsError('InvalidParameterException', 'The NextToken is invalid.');
        const links = [...linksOf(context).values()];
        const { items, next } = pageOf(links, input.NextToken, sizeOf(input.MaxResults, 5), invalid);
        return { Items: items.map(listed), NextToken: next };
      },
    },
    GetLink: onLink('GetLink', (_context, link) => described(link)),
    DeleteLink: onLink('DeleteLink', (context, link) => {
      linksOf(context).delete(link.arn);
      return {};
    }),
  },
  rest: {
    route(request) {
      const operation = request.path.slice(1);
      if (request.method !== 'POST' || !Object.hasOwn(oam.operations, operation)) {
        throw new AwsError('UnknownOperationException', `Nothing at ${request.method} ${request.path}.`, 404);
      }
      return { operation, input: parseBody(request.body) };
    },
    render: (_operation, output) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: writeJson(output),
    }),
  },
};

export default oam;
