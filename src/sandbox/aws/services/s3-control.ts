/** S3 Control, as far as the account's own public access block. */
import { stringIn } from '../input.ts';
import { parseXml, writeXml } from '../protocols/xml.ts';
import { AwsError, type HttpRequest, type Input, type Operation, type RequestContext, type Service } from '../types.ts';
import { accessDenied } from './s3/bucket.ts';
import { PUBLIC_ACCESS_BLOCK } from './s3/documents.ts';
import { blockIn, noBlock } from './s3/policy.ts';
import { malformedXml, readStructure, writeStructure } from './s3/shapes.ts';

const PATH = '/v20180820/configuration/publicAccessBlock';
const DOCUMENT = 'PublicAccessBlockConfiguration';

const s3Control: Service = {
  signingName: 's3',
  protocol: 'rest-xml',
  operations: {
    GetPublicAccessBlock: onAccount('GetAccountPublicAccessBlock', ({ account }) => {
      if (!account.publicAccessBlock) throw noBlock();
      return { [DOCUMENT]: account.publicAccessBlock };
    }),
    PutPublicAccessBlock: onAccount('PutAccountPublicAccessBlock', ({ account }, input) => {
      account.publicAccessBlock = blockIn(input);
      return {};
    }),
    DeletePublicAccessBlock: onAccount('PutAccountPublicAccessBlock', ({ account }) => {
      account.publicAccessBlock = undefined;
      return {};
    }),
  },
  rest: {
    route(request) {
      const verb = { GET: 'Get', PUT: 'Put', DELETE: 'Delete' }[request.method];
      if (request.path !== PATH || !verb) {
        throw new AwsError('NotImplemented', 'The simulator has no such S3 Control operation.', 501);
      }
      const input = { AccountId: request.headers['x-amz-account-id'], ...(verb === 'Put' ? bodyInput(request) : {}) };
      return { operation: `${verb}PublicAccessBlock`, input };
    },
    render(operation, output) {
      if (operation.startsWith('Delete')) return { status: 204, headers: {}, body: '' };
      const body = operation.startsWith('Get')
        ? writeXml(DOCUMENT, writeStructure(output[DOCUMENT], PUBLIC_ACCESS_BLOCK))
        : '';
      return { status: 200, headers: {}, body };
    },
  },
};

function bodyInput({ body }: HttpRequest): Input {
  try {
    return { [DOCUMENT]: readStructure(parseXml(body.toString('utf8')), PUBLIC_ACCESS_BLOCK) };
  } catch {
    throw malformedXml();
  }
}

/** These actions know no resource; the account named must be the caller's. */
function onAccount(action: string, handle: (context: RequestContext, input: Input) => Input): Operation {
  return {
    permissions: () => [{ action: `s3:${action}`, resource: '*' }],
    handle(context, input) {
      if (stringIn(input, 'AccountId') !== context.account.id) throw accessDenied();
      return handle(context, input);
    },
  };
}

export default s3Control;
