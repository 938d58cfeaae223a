import { AwsError, type HttpResponse, type Input, type Output, type RestBinding } from '../types.ts';
import { JSON_CODES, type Wire } from './wire.ts';

/** AwsJson 1.0 and 1.1: the operation is what follows the last dot of X-Amz-Target, whatever prefix a client sends. */
export function jsonWire(version: '1.0' | '1.1'): Wire {
  const contentType = `application/x-amz-json-${version}`;
  return {
    codes: JSON_CODES,
    read(request) {
      const target = request.headers['x-amz-target'];
      if (!target) throw new AwsError('UnknownOperationException', 'The request names no operation.');
      return { operation: target.slice(target.lastIndexOf('.') + 1), input: parseBody(request.body) };
    },
    answer: (_operation, output, requestId) => reply(200, output, requestId, contentType),
    fail(error, requestId) {
      const failure = reply(
        error.status,
        { __type: error.code, message: error.message },
        requestId,
        contentType,
        error.headers,
      );
      // CloudWatch moved from Query to JSON and still sends the old code along; harmless for the others.
      if (version === '1.0') failure.headers['x-amzn-query-error'] = `${error.code};Sender`;
      return failure;
    },
  };
}

/** RestJson 1: the service routes; errors carry their name in a header. */
export function restJsonWire(rest: RestBinding): Wire {
  return {
    codes: { ...JSON_CODES, accessDenied: { code: 'AccessDeniedException', status: 403 } },
    read: (request) => rest.route(request),
    answer(operation, output, requestId) {
      const response = rest.render(operation, output);
      return { ...response, headers: { ...response.headers, 'x-amzn-requestid': requestId } };
    },
    fail: (error, requestId) =>
      reply(error.status, { message: error.message }, requestId, 'application/json', {
        ...error.headers,
        'x-amzn-errortype': error.code,
      }),
  };
}

function reply(
  status: number,
  body: Output,
  requestId: string,
  contentType: string,
  headers: Record<string, string> = {},
): HttpResponse {
  return {
    status,
    headers: { 'content-type': contentType, 'x-amzn-requestid': requestId, ...headers },
    body: writeJson(body),
  };
}

/** JSON as AWS writes it: dates in epoch seconds, binary in base64, maps as objects. */
export function writeJson(value: unknown): string {
  return JSON.stringify(plain(value));
}

function plain(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

export function parseBody(body: Buffer): Input {
  if (body.length === 0) return {};
  const malformed = () => new AwsError('SerializationException', 'The request body is not a JSON object.');
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw malformed();
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw malformed();
  return { ...parsed };
}
