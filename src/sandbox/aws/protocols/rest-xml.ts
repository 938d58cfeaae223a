import type { HttpRequest, HttpResponse, RestBinding } from '../types.ts';
import { S3_CODES, type Wire } from './wire.ts';
import { writeXml } from './xml.ts';

/** RestXml: the service routes and renders. S3 Control wraps its errors, S3 does not. */
export function restXmlWire(rest: RestBinding, request: HttpRequest, wrapped: boolean): Wire {
  return {
    codes: S3_CODES,
    read: () => rest.route(request),
    answer(operation, output, requestId) {
      const response = rest.render(operation, output);
      return { ...response, headers: { ...headersOf(requestId), ...response.headers } };
    },
    fail(error, requestId): HttpResponse {
      const detail = { Code: error.code, Message: error.message };
      const host = Buffer.from(requestId).toString('base64');
      const body = wrapped
        ? writeXml('ErrorResponse', { Error: detail, RequestId: requestId, HostId: host })
        : writeXml('Error', { ...detail, RequestId: requestId, HostId: host });
      // A HEAD answer has no body: clients know the error by its status alone.
      return {
        status: error.status,
        headers: { ...headersOf(requestId), ...error.headers },
        body: request.method === 'HEAD' ? '' : `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
      };
    },
  };
}

function headersOf(requestId: string): Record<string, string> {
  return {
    'content-type': 'application/xml',
    'x-amz-request-id': requestId,
    'x-amz-id-2': Buffer.from(requestId).toString('base64'),
  };
}
