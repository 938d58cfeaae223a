import { parseBody, writeJson } from '../protocols/json.ts';
import { AwsError, type Service } from '../types.ts';
import { batchImportFindings, getFindings } from './securityhub/findings.ts';
import { hubOperations } from './securityhub/hub.ts';

const ROUTES: Record<string, string> = {
  'DELETE /accounts': 'DisableSecurityHub',
  'GET /accounts': 'DescribeHub',
  'POST /accounts': 'EnableSecurityHub',
  'POST /findings': 'GetFindings',
  'POST /findings/import': 'BatchImportFindings',
  'POST /standards/get': 'GetEnabledStandards',
};

const securityhub: Service = {
  signingName: 'securityhub',
  protocol: 'rest-json',
  operations: { ...hubOperations, BatchImportFindings: batchImportFindings, GetFindings: getFindings },
  rest: {
    route(request) {
      const route = `${request.method} ${request.path}`;
      const operation = Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
      if (operation === undefined) throw new AwsError('UnknownOperationException', `Nothing at ${route}.`, 404);
      const HubArn = request.query.get('HubArn') ?? undefined;
      return { operation, input: { ...parseBody(request.body), ...(HubArn === undefined ? {} : { HubArn }) } };
    },
    render: (_operation, output) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: writeJson(output),
    }),
  },
};

export default securityhub;
