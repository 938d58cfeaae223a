import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketVersioningCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { allow, policy, role } from '../../../../src/sandbox/aws/builders.ts';
import type { PolicyDocument } from '../../../../src/sandbox/aws/types.ts';
import { errorOf } from '../core/support.ts';
import { ARCHIVE, archiveClient, ARCHIVE_BUCKET as Bucket, MEMBER } from './support.ts';

describe('bucket policies', () => {
  const resource = `arn:aws:s3:::${Bucket}`;
  const text = (document: unknown) => JSON.stringify(document);

  test('are handed back as AWS stores them', async () => {
    const { client } = await archiveClient();
    const sent = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: [MEMBER, `arn:aws:iam::${ARCHIVE}:root`] },
          Action: ['s3:PutObject', 's3:GetObject'],
          Resource: [`${resource}/*`],
          Condition: { Bool: { 'aws:SecureTransport': true }, StringEquals: { 'aws:PrincipalOrgID': ['o-1'] } },
        },
      ],
    };
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy: text(sent) }));
    const read = await client.send(new GetBucketPolicyCommand({ Bucket }));
    expect(JSON.parse(read.Policy ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: [`arn:aws:iam::${MEMBER}:root`, `arn:aws:iam::${ARCHIVE}:root`] },
          Action: ['s3:GetObject', 's3:PutObject'],
          Resource: `${resource}/*`,
          Condition: { Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
        },
      ],
    });
  });

  test('a principal deleted since is read as its id, which cannot be put again', async () => {
    const { client, archive } = await archiveClient();
    const made = role(archive, 'short-lived');
    const principal = `arn:aws:iam::${ARCHIVE}:role/${made.name}`;
    const document = policy({ ...allow('s3:GetObject', `${resource}/*`), Principal: { AWS: principal } });
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy: text(document) }));
    archive.roles.delete(made.name);
    const { Policy } = await client.send(new GetBucketPolicyCommand({ Bucket }));
    expect(Policy).toMatch(/"AWS":"AROA[\dA-F]{17}"/);
    const refused = await errorOf(client.send(new PutBucketPolicyCommand({ Bucket, Policy: Policy ?? '' })));
    expect(refused).toMatchObject({ name: 'MalformedPolicy', message: 'Invalid principal in policy' });
  });

  const statement = { ...allow('s3:GetObject', `${resource}/*`), Principal: { AWS: MEMBER } };
  test.each<[string, string, string]>([
    ['no JSON', '{', 'MalformedPolicy'],
    ['another bucket', text(policy({ ...statement, Resource: 'arn:aws:s3:::other/*' })), 'MalformedPolicy'],
    ['another service', text(policy({ ...statement, Action: 'kms:Decrypt' })), 'MalformedPolicy'],
    ['no principal', text(policy(allow('s3:GetObject', `${resource}/*`))), 'MalformedPolicy'],
    [
      'an unknown role',
      text(policy({ ...statement, Principal: { AWS: `arn:aws:iam::${MEMBER}:role/none` } })),
      'MalformedPolicy',
    ],
    ['an unknown service', text(policy({ ...statement, Principal: { Service: 'cloudtrail' } })), 'MalformedPolicy'],
    ['more than 20 KB', text(policy({ ...statement, Sid: 'x'.repeat(20_480) })), 'PolicyTooLarge'],
    ['anyone, with public policies blocked', text(policy({ ...statement, Principal: '*' })), 'AccessDenied'],
  ])('%s is refused', async (_what, Policy, code) => {
    const { client } = await archiveClient();
    expect((await errorOf(client.send(new PutBucketPolicyCommand({ Bucket, Policy })))).name).toBe(code);
  });

  test('belong to the account of the bucket, whatever they grant', async () => {
    const { client, s3, member } = await archiveClient();
    const open = policy({ ...allow('s3:*', [resource, `${resource}/*`]), Principal: { AWS: MEMBER } });
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy: text(open) }));
    const stranger = s3(member);
    expect(await stranger.send(new GetBucketVersioningCommand({ Bucket }))).toBeDefined();
    for (const command of [new GetBucketPolicyCommand({ Bucket }), new DeleteBucketPolicyCommand({ Bucket })]) {
      expect(await errorOf(stranger.send(command))).toMatchObject({ name: 'MethodNotAllowed', status: 405 });
    }
  });

  test.each<[string, PolicyDocument['Statement'][number], boolean]>([
    ['anyone', { ...allow('s3:GetObject', `${resource}/*`), Principal: '*' }, true],
    ['any AWS principal', { ...allow('s3:GetObject', `${resource}/*`), Principal: { AWS: '*' } }, true],
    [
      'anyone of one organization',
      {
        ...allow('s3:GetObject', `${resource}/*`),
        Principal: '*',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
      },
      false,
    ],
    [
      'anyone from half of the internet',
      {
        ...allow('s3:GetObject', `${resource}/*`),
        Principal: '*',
        Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } },
      },
      true,
    ],
    ['another account', { ...allow('s3:GetObject', `${resource}/*`), Principal: { AWS: MEMBER } }, false],
    ['nobody', { Effect: 'Deny', Action: 's3:*', Resource: `${resource}/*`, Principal: '*' }, false],
  ])('a policy for %s is public: %s', async (_who, given, isPublic) => {
    const { client, logs } = await archiveClient();
    logs.publicAccessBlock = undefined;
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy: text(policy(given)) }));
    const { PolicyStatus } = await client.send(new GetBucketPolicyStatusCommand({ Bucket }));
    expect(PolicyStatus?.IsPublic).toBe(isPublic);
  });

  test('RestrictPublicBuckets leaves a public policy nothing to say to other accounts', async () => {
    const { s3, member, logs } = await archiveClient();
    logs.policy = policy({ ...allow('s3:GetBucketVersioning', resource), Principal: '*' });
    const read = () => s3(member).send(new GetBucketVersioningCommand({ Bucket }));
    expect((await errorOf(read())).name).toBe('AccessDenied');
    logs.publicAccessBlock = undefined;
    expect(await read()).toBeDefined();
  });
});
