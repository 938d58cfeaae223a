import { isRecord } from '../input.ts';
import { AwsError, type HttpResponse, type Output } from '../types.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { JSON_CODES, type Wire } from './wire.ts';

/** Smithy RPC v2 over CBOR, `POST /service/<service>/operation/<operation>`: what botocore chooses for CloudWatch. */
export const cborWire: Wire = {
  codes: JSON_CODES,
  read(request) {
    const operation = /^\/service\/[^/]+\/operation\/(\w+)$/.exec(request.path)?.[1];
    if (!operation) throw new AwsError('UnknownOperationException', `Nothing at ${request.path}.`, 404);
    return { operation, input: inputOf(request.body) };
  },
  answer: (_operation, output, requestId) => reply(200, output, requestId),
  fail: (error, requestId) => {
    const failure = reply(error.status, { __type: error.code, message: error.message }, requestId);
    failure.headers = { ...failure.headers, 'x-amzn-query-error': `${error.code};Sender`, ...error.headers };
    return failure;
  },
};

function inputOf(body: Buffer) {
  if (body.length === 0) return {};
  const malformed = new AwsError('SerializationException', 'The request body is not a CBOR map.');
  let decoded: unknown;
  try {
    decoded = decodeCbor(body);
  } catch (error) {
    throw error instanceof RangeError ? malformed : error;
  }
  if (!isRecord(decoded)) throw malformed;
  return decoded;
}

function reply(status: number, body: Output, requestId: string): HttpResponse {
  return {
    status,
    headers: {
      'content-type': 'application/cbor',
      'smithy-protocol': 'rpc-v2-cbor',
      'x-amzn-requestid': requestId,
    },
    body: encodeCbor(body),
  };
}
