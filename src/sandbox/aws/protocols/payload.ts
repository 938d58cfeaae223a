/** Bodies as S3 clients send them: aws-chunked framing, trailers and checksums. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../types.ts';

/** The body without its framing. Throws BadDigest when a checksum sent along does not fit. */
export function payloadOf(headers: Record<string, string>, raw: Buffer): Buffer {
  const streaming = headers['x-amz-content-sha256']?.startsWith('STREAMING-') ?? false;
  const { body, trailers } = streaming ? unchunk(raw) : { body: raw, trailers: {} };
  const sent = { ...headers, ...trailers };
  const checks: [string | undefined, () => string][] = [
    [sent['content-md5'], () => createHash('md5').update(body).digest('base64')],
    [sent['x-amz-checksum-crc32'], () => crc32Base64(body)],
    [sent['x-amz-checksum-sha256'], () => createHash('sha256').update(body).digest('base64')],
  ];
  for (const [wanted, actual] of checks) {
    if (wanted !== undefined && wanted !== actual()) {
      throw new AwsError('BadDigest', 'The checksum you specified did not match what we received.');
    }
  }
  return body;
}

function crc32Base64(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

/** `<hex size>[;chunk-signature=…]\r\n<data>\r\n`, a chunk of size zero, then trailers. */
function unchunk(raw: Buffer): { body: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let position = 0;
  while (position < raw.length) {
    const end = raw.indexOf('\r\n', position);
    const size = Number.parseInt(raw.toString('latin1', position, end), 16);
    if (end < 0 || Number.isNaN(size)) throw new AwsError('IncompleteBody', 'The aws-chunked body is malformed.');
    position = end + 2;
    if (size === 0) break;
    chunks.push(raw.subarray(position, position + size));
    position += size + 2;
  }
  const lines = raw.toString('latin1', position).split('\r\n').filter(Boolean);
  const trailers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { body: Buffer.concat(chunks), trailers };
}
