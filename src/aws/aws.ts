import { setTimeout as sleep } from 'node:timers/promises';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { AwsConfig } from '../config/config.ts';
import { TrailCheckError } from '../ops/error.ts';
import type { Logger } from '../ops/logger.ts';
import { createRoles } from './assume-role.ts';
import { classify } from './classify.ts';
import { createClients } from './clients.ts';
import { CannotEnter, ReadOnlyViolation } from './errors.ts';
import { type Exports, exporterPolicy, refuseOtherExports } from './exporter.ts';
import type { Fence } from './fence.ts';
import { createFencedIdentities } from './fixer.ts';
import type { CallRecord, Credentials, Identity } from './identity.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import { createPerform } from './perform.ts';
import { actionsOf } from './permissions.ts';
import { READ_ONLY_POLICY } from './read-only-policy.ts';
import { createSession, type Session } from './session.ts';
import { createTransport } from './transport.ts';

export interface Caller {
  account: string;
  arn: string;
  partition: string;
}

type OnCall = (call: CallRecord) => void;

export interface Aws {
  /** Who the default credentials belong to; asked for once. */
  caller(): Promise<Caller>;
  /** Reads under the default credentials, in their own account. */
  self(account: string, onCall?: OnCall): Session;
  /** Reads in an account. Refuses anything but reads before it is sent; CannotEnter when there is no way in. */
  reader(account: string, onCall?: OnCall): Session;
  /** Runs the calls of one approved fix in one account, and nothing else. */
  fixer(account: string, fence: Fence, onCall?: OnCall): Session;
  /** Takes our own out of here: into Security Hub of an account, or into a bucket. Without a role only in our own account. */
  exporter(account: string, role: AwsConfig['reader'], exports?: Exports, onCall?: OnCall): Session;
  /** Whether a fixer role is configured; without one the installation only watches. */
  canFix(): boolean;
  /** Begins a run: accounts that could not be entered are tried again. */
  forgetFailures(): void;
  /** Calls made so far, by all sessions. */
  calls(): number;
  close(): void;
}

export interface AwsOptions {
  config: AwsConfig;
  now: () => Date;
  logger: Logger;
  env: Readonly<Record<string, string | undefined>>;
  /** Told of every call. */
  onCall?: OnCall;
  /** Instead of the default credential chain. */
  credentials?: () => Promise<Credentials>;
  /** Instead of AWS and of AWS_ENDPOINT_URL. */
  endpoint?: string;
  /** Instead of one that keeps to AWS's quotas. */
  limiter?: Limiter;
}

/** Everything this program does in AWS goes through the sessions handed out here. */
export function createAws({ config, now, logger, env, onCall, credentials, endpoint, limiter }: AwsOptions): Aws {
  const clock = () => performance.now();
  const transport = createTransport({ env, ...(endpoint !== undefined && { endpoint }) });
  const clients = createClients({ transport, limiter: limiter ?? createLimiter({ clock, sleep }) });
  let calls = 0;
  const perform = createPerform({
    clients,
    now,
    clock,
    onCall(call) {
      calls += 1;
      onCall?.(call);
    },
  });
  const roles = createRoles({ perform, now, region: config.region });
  const own: Identity = {
    kind: 'self',
    key: 'self',
    credentials: credentials ?? fromNodeProviderChain({ clientConfig: { region: config.region } }),
  };
  const session = (
    account: string,
    identityFor: Parameters<typeof createSession>[0]['identityFor'],
    tell: OnCall | undefined,
  ) => createSession({ account, homeRegion: config.region, perform, identityFor, onCall: tell });

  const self: Aws['self'] = (account, tell) =>
    session(account, ({ name, operation }) => refuseWrites(name, operation.kind, account) ?? own, tell);

  let known: Promise<Caller> | undefined;
  function caller(): Promise<Caller> {
    known ??= whoAmI(self('self'), config).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  }

  /** Who assumes the roles in the accounts: the default credentials, or the hub role they assume first. */
  function base(hubRole: string | undefined, tell: OnCall | undefined): Identity {
    if (hubRole === undefined) return own;
    const input = { RoleArn: hubRole, RoleSessionName: 'trail-check' };
    return roles.assume({ kind: 'hub', base: own, account: hubRole.split(':')[4] ?? '', input, onCall: tell });
  }

  async function exporterIdentity(
    account: string,
    role: AwsConfig['reader'],
    exports: Exports,
    tell: OnCall | undefined,
  ): Promise<Identity> {
    const { account: ownAccount, partition } = await caller();
    if (role === undefined) {
      if (account === ownAccount) return own;
      const [what, key] =
        exports.to === 'bucket'
          ? ['the mirror of the audit log', 'audit.bucket.role']
          : ['the import into Security Hub', 'securityHub.role'];
      throw new CannotEnter({
        ...{ account, role: 'none' },
        ...{ reason: `no role for ${what} is configured.`, next: `Set ${key} in trail-check.yaml.` },
      });
    }
    const input = {
      RoleArn: `arn:${partition}:iam::${account}:role/${role.role}`,
      RoleSessionName: 'trail-check',
      Policy: exporterPolicy(exports, partition),
      ...(role.externalId !== undefined && { ExternalId: role.externalId }),
    };
    return roles.assume({ kind: 'exporter', base: base(config.hub?.reader, tell), account, input, onCall: tell });
  }

  async function readerIdentity(account: string, tell: OnCall | undefined): Promise<Identity> {
    const { account: ownAccount, partition } = await caller();
    const role = config.reader;
    if (role === undefined) {
      if (account === ownAccount) return own;
      throw notConfigured(
        'reader',
        account,
        `Only ${ownAccount}, the account of the default credentials, can be read.`,
      );
    }
    const RoleArn = `arn:${partition}:iam::${account}:role/${role.role}`;
    const input = {
      RoleArn,
      RoleSessionName: 'trail-check',
      Policy: READ_ONLY_POLICY,
      ...(role.externalId !== undefined && { ExternalId: role.externalId }),
    };
    const reader = roles.assume({ kind: 'reader', base: base(config.hub?.reader, tell), account, input, onCall: tell });
    if (account !== ownAccount) return reader;
    // Roles rolled out to members (StackSets, OrganizationAccountAccessRole) are missing in the account they start from.
    try {
      await reader.credentials();
      return reader;
    } catch (error) {
      if (!(error instanceof CannotEnter) || classify(error.cause).kind !== 'denied') throw error;
      logger.debug({ account, role: RoleArn }, 'no reader role in our own account, reading as ourselves');
      return own;
    }
  }

  return {
    caller,
    self,
    reader: (account, tell) =>
      session(
        account,
        ({ name, operation }) => refuseWrites(name, operation.kind, account) ?? readerIdentity(account, tell),
        tell,
      ),
    fixer(account, fence, tell) {
      let fenced: ReturnType<typeof createFencedIdentities> | undefined;
      return session(
        account,
        async ({ name }, region, input) => {
          if (config.fixer === undefined) throw notConfigured('fixer', account, 'This installation only watches.');
          const { partition } = await caller();
          const { role, externalId } = config.fixer;
          fenced ??= createFencedIdentities({
            fence,
            logger,
            // Its own cache: these sessions end with the fix, and a refusal must not outlive it.
            roles: createRoles({ perform, now, region: config.region }),
            assumption: {
              kind: 'fixer',
              base: base(config.hub?.fixer, tell),
              account,
              input: {
                RoleArn: `arn:${partition}:iam::${account}:role/${role}`,
                RoleSessionName: fence.sessionName,
                ...(externalId !== undefined && { ExternalId: externalId }),
              },
              onCall: tell,
            },
          });
          return fenced(name, actionsOf(name, input, { account, region, partition }));
        },
        tell,
      );
    },
    exporter: (account, role, exports = { to: 'security-hub' }, tell = undefined) =>
      session(
        account,
        ({ name }) => refuseOtherExports(exports, name, account) ?? exporterIdentity(account, role, exports, tell),
        tell,
      ),
    canFix: () => config.fixer !== undefined,
    forgetFailures: () => roles.forgetFailures(),
    calls: () => calls,
    close: () => transport.close(),
  };
}

/** Throws for anything but a read; gives nothing, so that an identity may follow. */
function refuseWrites(name: string, kind: string, account: string): undefined {
  if (kind === 'write') throw new ReadOnlyViolation(name, account);
}

function notConfigured(role: 'reader' | 'fixer', account: string, reason: string): CannotEnter {
  return new CannotEnter({
    account,
    role: 'none',
    reason: `no ${role} role is configured. ${reason}`,
    next: `Set aws.${role}.role in trail-check.yaml.`,
  });
}

async function whoAmI(session: Session, config: AwsConfig): Promise<Caller> {
  try {
    const { Account, Arn } = await session.call('sts:GetCallerIdentity', config.region, {});
    if (!Account || !Arn) throw new TypeError('GetCallerIdentity answered without an account');
    return { account: Account, arn: Arn, partition: config.partition ?? Arn.split(':')[1] ?? 'aws' };
  } catch (cause) {
    throw new TrailCheckError('The AWS credentials of this process cannot be used', {
      what: 'sts:GetCallerIdentity with the default credential chain',
      next: 'Give credentials by environment, profile, web identity, container or instance role, and check that they have not expired.',
      cause,
    });
  }
}
