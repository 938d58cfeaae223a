import { AccountClient, ListRegionsCommand } from '@aws-sdk/client-account';
import { ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { errorOf, MANAGEMENT, smallEstate } from './support.ts';

test('a signed Query call is answered with the caller it was signed by', async () => {
  const { as, admin } = await smallEstate();
  const identity = await new STSClient(as(admin)).send(new GetCallerIdentityCommand());
  expect(identity).toMatchObject({ Account: MANAGEMENT, Arn: `arn:aws:iam::${MANAGEMENT}:user/admin` });
  expect(identity.$metadata.requestId).toMatch(/^[\da-f-]{36}$/);
});

test.each([
  ['a wrong secret', { secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch', 'InvalidSignatureException'],
  ['an unknown key', { accessKeyId: 'AKIAUNKNOWN' }, 'InvalidClientTokenId', 'UnrecognizedClientException'],
  ['a foreign session token', { sessionToken: 'stolen' }, 'InvalidClientTokenId', 'UnrecognizedClientException'],
])('%s is refused by Query and by JSON services in their own words', async (_what, change, query, json) => {
  const { as, admin } = await smallEstate();
  const config = as({ ...admin, ...change });
  expect(await errorOf(new STSClient(config).send(new GetCallerIdentityCommand()))).toMatchObject({
    name: query,
    status: 403,
  });
  expect(await errorOf(new OrganizationsClient(config).send(new ListAccountsCommand()))).toMatchObject({
    name: json,
    status: 400,
  });
});

test('a REST-JSON call pages and names its errors', async () => {
  const { as, admin, member } = await smallEstate();
  member.enabledRegions.push('eu-central-2');
  const account = new AccountClient(as(admin));
  const page = await account.send(
    new ListRegionsCommand({ AccountId: member.id, MaxResults: 2, RegionOptStatusContains: ['ENABLED'] }),
  );
  expect(page.Regions).toEqual([{ RegionName: 'eu-central-2', RegionOptStatus: 'ENABLED' }]);
  expect(await errorOf(account.send(new ListRegionsCommand({ AccountId: '999999999999' })))).toMatchObject({
    name: 'AccessDeniedException',
    status: 403,
  });
});

test('a body that was changed on its way is refused', async () => {
  const { aws, admin, as } = await smallEstate();
  const client = new STSClient(as(admin));
  client.middlewareStack.add(
    (next) => async (args) => {
      const { request } = args;
      if (typeof request === 'object' && request !== null && 'body' in request) {
        request.body = String(request.body).replace('2011', '2012');
      }
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  expect((await errorOf(client.send(new GetCallerIdentityCommand()))).name).toBe('SignatureDoesNotMatch');
  expect(aws.estate.calls.at(-1)).toMatchObject({ operation: 'GetCallerIdentity', error: 'SignatureDoesNotMatch' });
});

test('a region the account has not opted into does not know its keys', async () => {
  const { as, admin } = await smallEstate();
  const client = new STSClient(as(admin, 'me-south-1'));
  expect((await errorOf(client.send(new GetCallerIdentityCommand()))).name).toBe('InvalidClientTokenId');
});
