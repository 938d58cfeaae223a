import { createHash, createHmac } from 'node:crypto';
import type { ClientConfig } from '../core/support.ts';

export interface Answer {
  status: number;
  error: string | undefined;
  body: { [member: string]: unknown; Items?: unknown[] };
}

/** A signed REST-JSON call, for a service that no client of ours speaks: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
export async function rest(
  config: ClientConfig,
  service: string,
  method: string,
  path: string,
  members: object = {},
): Promise<Answer> {
  const { accessKeyId, secretAccessKey } = config.credentials;
  const body = JSON.stringify(members);
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/${config.region}/${service}/aws4_request`;
  const host = new URL(config.endpoint).host;
  const signed = 'host;x-amz-date';
  const canonical = [method, path, '', `host:${host}\nx-amz-date:${time}\n`, signed, sha256(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((previous, part) => hmac(previous, part), `AWS4${secretAccessKey}`);
  const response = await fetch(`${config.endpoint}${path}`, {
    method,
    body,
    headers: {
      'x-amz-date': time,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${hmac(key, text).toString('hex')}`,
    },
  });
  const error = response.headers.get('x-amzn-errortype') ?? undefined;
  return { status: response.status, error, body: JSON.parse(await response.text()) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
