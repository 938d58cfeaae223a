import { Agent } from 'node:http';
import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  S3ControlClient,
} from '@aws-sdk/client-s3-control';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { expect, test } from 'vitest';
import { errorOf } from '../core/support.ts';
import { MANAGEMENT, MEMBER, organization } from './support.ts';

/** The client puts the account id before the host; everything under localhost is the loopback here. */
async function control() {
  const { as, member } = await organization();
  const config = as(member);
  const agent = new Agent({
    lookup: (_host, options, answer) =>
      options.all ? answer(null, [{ address: '127.0.0.1', family: 4 }]) : answer(null, '127.0.0.1', 4),
  });
  const endpoint = config.endpoint.replace('127.0.0.1', 'localhost');
  return {
    member,
    client: new S3ControlClient({ ...config, endpoint, requestHandler: new NodeHttpHandler({ httpAgent: agent }) }),
  };
}

const BLOCK = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: false };

test('the account has no block until one is put, and none after it is deleted', async () => {
  const { client, member } = await control();
  const read = () => client.send(new GetPublicAccessBlockCommand({ AccountId: MEMBER }));
  expect(await errorOf(read())).toMatchObject({ name: 'NoSuchPublicAccessBlockConfiguration', status: 404 });
  await client.send(new PutPublicAccessBlockCommand({ AccountId: MEMBER, PublicAccessBlockConfiguration: BLOCK }));
  expect((await read()).PublicAccessBlockConfiguration).toEqual(BLOCK);
  await client.send(new DeletePublicAccessBlockCommand({ AccountId: MEMBER }));
  expect(member.publicAccessBlock).toBeUndefined();
});

test('another account is refused', async () => {
  const { client } = await control();
  const refused = await errorOf(client.send(new GetPublicAccessBlockCommand({ AccountId: MANAGEMENT })));
  expect(refused).toMatchObject({ name: 'AccessDenied', status: 403 });
});
