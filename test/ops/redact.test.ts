import { describe, expect, it } from 'vitest';
import { isSecretKey, redact, redactValue } from '../../src/ops/redact.ts';

const SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

describe('redact', () => {
  it.each([
    ['slack bot token', 'token xoxb-123-456-abcDEF failed', 'token [redacted] failed'],
    ['rotated slack token', 'xoxe.xoxb-1-abc', '[redacted]'],
    ['slack app token', 'xapp-1-A0-12-ab', '[redacted]'],
    ['response url', 'https://hooks.slack.com/actions/T1/2/abc', 'https://hooks.slack.com/[redacted]'],
    ['database password', 'postgres://bot:p@ss/w0rd@db:5432/x', 'postgres://bot:[redacted]@db:5432/x'],
    [
      'secret access key',
      `id AKIAIOSFODNN7EXAMPLE key ${SECRET_KEY}.`.slice(0, -1),
      'id AKIAIOSFODNN7EXAMPLE key [redacted]',
    ],
    ['named secret', 'aws_secret_access_key = abcd1234', 'aws_secret_access_key = [redacted]'],
    [
      'json in a text',
      '{"sessionToken":"abcdef","region":"us-east-1"}',
      '{"sessionToken":"[redacted]","region":"us-east-1"}',
    ],
    ['bearer', 'Authorization: Bearer abcdefghij.klm', 'Authorization: Bearer [redacted]'],
    ['session token', `got IQoJ${'b3JpZ2lu'.repeat(10)}==`, 'got [redacted]'],
    ['presigned url', 'https://b.s3/x?X-Amz-Signature=abc&y=1', 'https://b.s3/x?X-Amz-Signature=[redacted]&y=1'],
  ])('masks a %s', (_, text, masked) => {
    expect(redact(text)).toBe(masked);
    expect(redact(masked)).toBe(masked);
  });

  it.each([
    'arn:aws:cloudtrail:us-east-1:111111111111:trail/main',
    'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    'AccessDenied: not authorized to perform: kms:DescribeKey',
    'https://docs.aws.amazon.com/x:y@z',
    'postgres://db:5432/trail',
  ])('leaves %s as it is', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('redactValue', () => {
  it('masks by key at any depth and keeps the rest', () => {
    expect(
      redactValue({ a: [{ Credentials: { x: 1 }, b: { signingSecret: 'x', tokens: 3 } }], token: undefined }),
    ).toEqual({
      a: [{ Credentials: '[redacted]', b: { signingSecret: '[redacted]', tokens: 3 } }],
      token: undefined,
    });
  });

  it('turns errors with causes and cycles into plain data', () => {
    const error = Object.assign(new Error('bad xoxb-1-secret'), {
      cause: new Error('inner'),
      code: 'E1',
      $response: {},
    });
    const value: { error: Error; self?: unknown } = { error };
    value.self = value;
    expect(redactValue(value)).toMatchObject({
      error: { type: 'Error', message: 'bad [redacted]', code: 'E1', cause: { message: 'inner' } },
      self: '[circular]',
    });
    expect(redactValue(value)).not.toHaveProperty('error.$response');
  });

  it.each(['SLACK_BOT_TOKEN', 'secretAccessKey', 'x-amz-security-token', 'Set-Cookie', 'password'])(
    'knows %s',
    (key) => {
      expect(isSecretKey(key)).toBe(true);
    },
  );
});
