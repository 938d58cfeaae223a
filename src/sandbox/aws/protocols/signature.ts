/** AWS Signature Version 4, the verifying side: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export interface Authorization {
  accessKeyId: string;
  /** yyyymmdd of the credential scope. */
  date: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
}

export interface SignedRequest {
  method: string;
  /** Path and query exactly as sent. */
  url: string;
  headers: Record<string, string>;
  /** Body as sent, aws-chunked framing included. */
  body: Buffer;
}

const HEADER =
  /^AWS4-HMAC-SHA256\s+Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request,\s*SignedHeaders=([^,]+),\s*Signature=([\da-f]{64})$/;

/** Reads the Authorization header; undefined when it is none of SigV4. */
export function parseAuthorization(header: string | undefined): Authorization | undefined {
  const match = HEADER.exec(header ?? '');
  if (!match) return undefined;
  const [, accessKeyId = '', date = '', region = '', service = '', signed = '', signature = ''] = match;
  return { accessKeyId, date, region, service, signedHeaders: signed.split(';'), signature };
}

/** True when the request was signed with this secret, and its body is the one that was signed. */
export function signatureHolds(request: SignedRequest, authorization: Authorization, secret: string): boolean {
  const declared = request.headers['x-amz-content-sha256'];
  const actual = sha256(request.body);
  if (declared && /^[\da-f]{64}$/.test(declared) && declared !== actual) return false;
  const scope = `${authorization.date}/${authorization.region}/${authorization.service}/aws4_request`;
  const canonical = canonicalRequest(request, authorization, declared ?? actual);
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'] ?? '', scope, sha256(canonical)].join('\n');
  const key = ['aws4_request', authorization.service, authorization.region, authorization.date]
    .reverse()
    .reduce<string | Buffer>((previous, part) => hmac(previous, part), `AWS4${secret}`);
  return timingSafeEqual(hmac(key, toSign), Buffer.from(authorization.signature, 'hex'));
}

function canonicalRequest(request: SignedRequest, authorization: Authorization, payloadHash: string): string {
  const [path = '/', query = ''] = request.url.split(/\?(.*)/s);
  const headers = authorization.signedHeaders.map(
    (name) => `${name}:${(request.headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`,
  );
  return [
    request.method,
    canonicalPath(path, authorization.service),
    canonicalQuery(query),
    headers.join(''),
    authorization.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/** Every service but S3 encodes the path a second time. */
function canonicalPath(path: string, service: string): string {
  const once = path.split('/').map((segment) => encode(decodeURIComponent(segment)));
  return (service === 's3' ? once : once.map(encode)).join('/') || '/';
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      return `${encode(decodeURIComponent(name))}=${encode(decodeURIComponent(value))}`;
    })
    .sort()
    .join('&');
}

/** RFC 3986: everything but unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
