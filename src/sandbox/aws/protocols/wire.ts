import type { AwsError, HttpRequest, HttpResponse, Input, Output } from '../types.ts';

/** How one protocol reads a request and writes its answers. */
export interface Wire {
  /** Throws an AwsError when the request names no operation or cannot be parsed. */
  read(request: HttpRequest): { operation: string; input: Input };
  answer(operation: string, output: Output, requestId: string): HttpResponse;
  fail(error: AwsError, requestId: string): HttpResponse;
  /** Names AWS gives to the errors that every service has. */
  codes: WireCodes;
}

export interface WireCodes {
  accessDenied: { code: string; status: number };
  throttled: { code: string; status: number };
  unknownKey: { code: string; status: number };
  badSignature: { code: string; status: number };
  expired: { code: string; status: number };
  unavailable: { code: string; status: number };
  missingAuthentication: { code: string; status: number };
}

export const JSON_CODES: WireCodes = {
  accessDenied: { code: 'AccessDeniedException', status: 400 },
  throttled: { code: 'ThrottlingException', status: 400 },
  unknownKey: { code: 'UnrecognizedClientException', status: 400 },
  badSignature: { code: 'InvalidSignatureException', status: 400 },
  expired: { code: 'ExpiredTokenException', status: 400 },
  unavailable: { code: 'ServiceUnavailableException', status: 503 },
  missingAuthentication: { code: 'MissingAuthenticationTokenException', status: 400 },
};

export const QUERY_CODES: WireCodes = {
  accessDenied: { code: 'AccessDenied', status: 403 },
  throttled: { code: 'Throttling', status: 400 },
  unknownKey: { code: 'InvalidClientTokenId', status: 403 },
  badSignature: { code: 'SignatureDoesNotMatch', status: 403 },
  expired: { code: 'ExpiredToken', status: 403 },
  unavailable: { code: 'ServiceUnavailable', status: 503 },
  missingAuthentication: { code: 'MissingAuthenticationToken', status: 403 },
};

export const S3_CODES: WireCodes = {
  accessDenied: { code: 'AccessDenied', status: 403 },
  throttled: { code: 'SlowDown', status: 503 },
  unknownKey: { code: 'InvalidAccessKeyId', status: 403 },
  badSignature: { code: 'SignatureDoesNotMatch', status: 403 },
  expired: { code: 'ExpiredToken', status: 400 },
  unavailable: { code: 'ServiceUnavailable', status: 503 },
  missingAuthentication: { code: 'AccessDenied', status: 403 },
};
