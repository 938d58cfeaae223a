/** Which service a request is for, and the protocol it came in. */
import { isRecord } from './input.ts';
import { jsonWire, restJsonWire } from './protocols/json.ts';
import { queryWire } from './protocols/query.ts';
import { restXmlWire } from './protocols/rest-xml.ts';
import { cborWire } from './protocols/rpc-cbor.ts';
import type { Authorization, SignedRequest } from './protocols/signature.ts';
import type { Wire } from './protocols/wire.ts';
import { S3_CONTROL, SERVICES } from './services/index.ts';
import { AwsError, type HttpRequest, type Input, type Service } from './types.ts';

/** By the credential scope; S3 Control signs as S3 and is known by its path. */
export function serviceFor(authorization: Authorization, sent: SignedRequest): Service | undefined {
  if (authorization.service === 's3' && isS3Control(sent)) return S3_CONTROL;
  return SERVICES.find((service) => service.signingName === authorization.service);
}

function isS3Control(sent: SignedRequest): boolean {
  return (
    sent.url.startsWith('/v20180820/') &&
    (sent.headers['x-amz-account-id'] !== undefined || accountHost(sent) !== undefined)
  );
}

/** `<account>.localhost`, as S3 Control clients put it. */
function accountHost(sent: SignedRequest): string | undefined {
  return /^(\d{12})\./.exec(sent.headers.host ?? '')?.[1];
}

/** The protocol of a request, and the request as its service wants it. */
export function wireFor(service: Service, sent: SignedRequest, body: Buffer): { wire: Wire; request: HttpRequest } {
  const request = requestOf(service, sent, body);
  return { request, wire: wireOf(service, request) };
}

function wireOf(service: Service, request: HttpRequest): Wire {
  switch (service.protocol) {
    case 'json-1.0':
      return formerQueryWire(service, request);
    case 'json-1.1':
      return jsonWire('1.1');
    case 'query':
      return queryWire(service.xmlNamespace ?? '');
    case 'rest-json':
      return restJsonWire(restOf(service));
    case 'rest-xml':
      return restXmlWire(restOf(service), request, service === S3_CONTROL);
  }
}

/** CloudWatch came from Query: SDKs speak JSON to it now, botocore CBOR, and command lines of some age Query still. */
function formerQueryWire(service: Service, request: HttpRequest): Wire {
  if (request.headers['smithy-protocol'] === 'rpc-v2-cbor') return cborWire;
  if (request.headers['x-amz-target'] !== undefined) return jsonWire('1.0');
  const wire = queryWire(service.xmlNamespace ?? '');
  return {
    ...wire,
    read(sent) {
      const { operation, input } = wire.read(sent);
      return { operation, input: typedInput(input) };
    },
  };
}

const NUMBERS = new Set([
  'ActionsSuppressorExtensionPeriod',
  'ActionsSuppressorWaitPeriod',
  'DatapointsToAlarm',
  'EvaluationPeriods',
  'MaxRecords',
  'Period',
  'Threshold',
]);
const BOOLEANS = new Set(['ActionsEnabled', 'ReturnData']);

/** Gives the scalars of a form the types that the other protocols of the service carry. */
function typedInput(input: Input): Input {
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, typed(name, value)]));
}

function typed(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => typed(name, item));
  if (isRecord(value)) return typedInput(value);
  if (NUMBERS.has(name)) return Number(value);
  return BOOLEANS.has(name) ? value === 'true' : value;
}

function restOf(service: Service) {
  if (!service.rest) throw new AwsError('InternalFailure', `${service.signingName} has no routes.`, 500);
  return service.rest;
}

function requestOf(service: Service, sent: SignedRequest, body: Buffer): HttpRequest {
  const [path = '/', query = ''] = sent.url.split(/\?(.*)/s);
  const host = sent.headers.host ?? '';
  const account = accountHost(sent);
  const headers = account ? { 'x-amz-account-id': account, ...sent.headers } : sent.headers;
  const bucket = service.signingName === 's3' && service !== S3_CONTROL ? bucketHost(host) : undefined;
  return {
    method: sent.method,
    path: bucket ? `/${bucket}${path}` : path,
    query: new URLSearchParams(query),
    headers,
    body,
    host,
  };
}

/** `<bucket>.localhost` or `<bucket>.s3[.<region>].localhost`; an address or a bare host is path style. */
function bucketHost(host: string): string | undefined {
  return /^(.+?)(?:\.s3(?:[.-][a-z\d-]+)?)?\.localhost(?::\d+)?$/.exec(host)?.[1];
}
