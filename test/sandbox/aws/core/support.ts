import { afterEach } from 'vitest';
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
} from '../../../../src/sandbox/aws/builders.ts';
import { type RunningAws, startAws } from '../../../../src/sandbox/aws/server.ts';
import type { Account, Credential, Estate } from '../../../../src/sandbox/aws/types.ts';

export const MANAGEMENT = '111111111111';
export const MEMBER = '333333333333';

export interface Small {
  aws: RunningAws;
  estate: Estate;
  management: Account;
  member: Account;
  /** Key of the user `admin` (AdministratorAccess) in the management account. */
  admin: Credential;
  /** Client configuration for a credential. */
  as(credential: SessionLike, region?: string): ClientConfig;
}

interface SessionLike {
  accessKeyId?: string | undefined;
  AccessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
  SecretAccessKey?: string | undefined;
  sessionToken?: string | undefined;
  SessionToken?: string | undefined;
}

export interface ClientConfig {
  endpoint: string;
  region: string;
  maxAttempts: number;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

const running: RunningAws[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((aws) => aws.close()));
});

/** Two accounts of one organization; the member has the role `worker` (AdministratorAccess) that the management account may assume. */
export async function smallEstate(): Promise<Small> {
  const estate = emptyEstate();
  addOrganization(estate, { id: 'o-small12345', managementAccountId: MANAGEMENT, units: { Workloads: 'Root' } });
  const management = addAccount(estate, { id: MANAGEMENT, name: 'management', unit: 'Root', alias: 'acme' });
  const member = addAccount(estate, { id: MEMBER, name: 'member', unit: 'Workloads', tags: { env: 'prod' } });
  const admin = accessKey(estate, management, user(management, 'admin', { inline: { all: policy(allow('*')) } }));
  role(member, 'worker', {
    trust: trust(`arn:aws:iam::${MANAGEMENT}:root`),
    attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
  });
  const aws = await serve(estate);
  return { aws, estate, management, member, admin, as: (credential, region) => clientConfig(aws, credential, region) };
}

/** Serves an estate until the test is over. */
export async function serve(estate: Estate): Promise<RunningAws> {
  const aws = await startAws(estate);
  running.push(aws);
  return aws;
}

/** Client configuration for a credential, or for what AssumeRole answers. */
export function clientConfig(aws: RunningAws, credential: SessionLike, region = 'us-east-1'): ClientConfig {
  const sessionToken = credential.sessionToken ?? credential.SessionToken;
  return {
    endpoint: aws.endpoint,
    region,
    maxAttempts: 1,
    credentials: {
      accessKeyId: credential.accessKeyId ?? credential.AccessKeyId ?? '',
      secretAccessKey: credential.secretAccessKey ?? credential.SecretAccessKey ?? '',
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
  };
}

/** The error of a call that must fail. */
export async function errorOf(
  call: Promise<unknown>,
): Promise<{ name: string; message: string; status: number | undefined }> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const metadata = '$metadata' in error ? error.$metadata : undefined;
    const status =
      typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
        ? metadata.httpStatusCode
        : undefined;
    return { name: error.name, message: error.message, status: typeof status === 'number' ? status : undefined };
  }
  throw new Error('the call was expected to fail and did not');
}
