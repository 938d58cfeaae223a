import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach } from 'vitest';
import { type Aws, type AwsOptions, createAws } from '../../src/aws/aws.ts';
import type { CallRecord } from '../../src/aws/identity.ts';
import { createLogger } from '../../src/ops/logger.ts';
import {
  accessKey,
  addAccount,
  addOrganization,
  allow,
  emptyEstate,
  policy,
  role,
  trust,
  user,
} from '../../src/sandbox/aws/builders.ts';
import { startAws } from '../../src/sandbox/aws/server.ts';
import type { Account, Estate } from '../../src/sandbox/aws/types.ts';

export const HUB = '111111111111';
export const MEMBER = '222222222222';
export const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

export interface TestAws {
  aws: Aws;
  calls: CallRecord[];
  estate: Estate;
  hub: Account;
  member: Account;
  endpoint: string;
}

/** A client onto any endpoint, under the given keys. */
export function connect(
  endpoint: string,
  config: Partial<AwsOptions['config']> = {},
  credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
): { aws: Aws; calls: CallRecord[] } {
  const calls: CallRecord[] = [];
  const aws = createAws({
    config: { region: 'us-east-1', ...config },
    now: () => new Date(),
    logger: createLogger({ level: 'silent' }),
    env: {},
    endpoint,
    credentials: () => Promise.resolve(credentials),
    onCall: (call) => calls.push(call),
  });
  open.push(aws);
  return { aws, calls };
}

/** Two accounts; the user `bot` of the hub may assume `Reader` and `Fixer`, both administrators, of the member. */
export async function estateWith(config: Partial<AwsOptions['config']> = {}): Promise<TestAws> {
  const estate = emptyEstate();
  addOrganization(estate, { id: 'o-test123456', managementAccountId: HUB });
  const hub = addAccount(estate, { id: HUB, name: 'hub', unit: 'Root' });
  const member = addAccount(estate, { id: MEMBER, name: 'member', unit: 'Root' });
  const bot = accessKey(estate, hub, user(hub, 'bot', { inline: { all: policy(allow('*')) } }));
  for (const name of ['Reader', 'Fixer']) {
    role(member, name, {
      trust: trust(`arn:aws:iam::${HUB}:root`, { StringEquals: { 'sts:ExternalId': 'secret-id' } }),
      attached: [ADMINISTRATOR],
    });
  }
  const running = await startAws(estate);
  open.push(running);
  const reader = { role: 'Reader', externalId: 'secret-id' };
  const fixer = { role: 'Fixer', externalId: 'secret-id' };
  const { aws, calls } = connect(running.endpoint, { reader, fixer, ...config }, bot);
  return { aws, calls, estate, hub, member, endpoint: running.endpoint };
}

/** A server that answers every request by `answer`, for what the simulated estate does not do. */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

/** Rejects if the promise does not. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}
