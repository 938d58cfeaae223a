import { createAws } from '../../../src/aws/aws.ts';
import type { Session } from '../../../src/aws/session.ts';
import { audit as auditSchema } from '../../../src/config/schema/audit.ts';
import type { AuditContext } from '../../../src/fixes/audit/context.ts';
import { createAudit } from '../../../src/fixes/audit/service.ts';
import { createLogger } from '../../../src/ops/logger.ts';
import {
  accessKey,
  addAccount,
  addOrganization,
  allow,
  bucket,
  emptyEstate,
  policy,
  role,
  startAws,
  trust,
  user,
} from '../../../src/sandbox/aws/index.ts';
import type { Store } from '../../../src/store/store.ts';

const HOME = '111111111111';
export const ARCHIVE = '222222222222';
export const NAME = 'acme-audit';
export const CHANNEL = 'C0AUDITLOG00';
const ROLE = { role: 'trail-check/Exporter', externalId: 'tell-me' };

/** The audit log of a store with its channel and, over the wire, its locked bucket in another account. */
export async function auditWorld(store: Store, changes: Partial<AuditContext> = {}) {
  const estate = emptyEstate();
  addOrganization(estate, { id: 'o-test123456', managementAccountId: HOME });
  const home = addAccount(estate, { id: HOME, name: 'home', unit: 'Root' });
  const archive = addAccount(estate, { id: ARCHIVE, name: 'archive', unit: 'Root' });
  const bot = user(home, 'bot', { inline: { all: policy(allow('sts:AssumeRole')) } });
  const { accessKeyId, secretAccessKey } = accessKey(estate, home, bot);
  role(archive, 'Exporter', {
    path: '/trail-check/',
    trust: trust(`arn:aws:iam::${HOME}:root`, { StringEquals: { 'sts:ExternalId': 'tell-me' } }),
    attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
  });
  const locked = bucket(estate, archive, NAME, {
    region: 'eu-central-1',
    versioning: 'Enabled',
    objectLock: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } } },
  });
  const running = await startAws(estate);
  const logged: string[] = [];
  const logger = createLogger({ level: 'warn', destination: { write: (line) => logged.push(line) } });
  const aws = createAws({
    ...{ config: { region: 'us-east-1' }, now: () => new Date(), logger, env: {}, endpoint: running.endpoint },
    credentials: () => Promise.resolve({ accessKeyId, secretAccessKey }),
  });
  const context: AuditContext = {
    store,
    config: {
      audit: auditSchema.parse({
        channel: CHANNEL,
        bucket: { name: NAME, account: ARCHIVE, region: 'eu-central-1', ...ROLE },
      }),
      aws: { region: 'us-east-1' },
    },
    key: undefined,
    reader: (account) => aws.reader(account),
    exporter: ({ account, name, region, prefix }) =>
      aws.exporter(account, ROLE, { to: 'bucket', name, region, prefix }),
    ...{ logger, owner: 'test' },
    ...changes,
  };
  return {
    ...{ estate, aws, context, logged },
    audit: createAudit(context),
    /** Keys of the bucket without its prefix, with the newest body and how often each was put. */
    objects: () =>
      [...(locked.objects ?? [])]
        .map(([key, versions]) => ({
          key: key.replace('trail-check/audit/', ''),
          body: versions[0]?.body?.toString() ?? '',
          versions: versions.length,
        }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
    async close() {
      aws.close();
      await running.close();
    },
  };
}

/** A session whose puts go wrong: nothing is put, or the answer is lost. */
export function failing(session: Pick<Session, 'call' | 'pages'>, when: 'before' | 'after'): typeof session {
  return {
    ...session,
    async call(name, region, input) {
      if (when === 'after') await session.call(name, region, input);
      throw new Error('the line is dead');
    },
  };
}
