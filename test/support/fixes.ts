import { fileURLToPath } from 'node:url';
import { type Aws, createAws } from '../../src/aws/aws.ts';
import type { CallRecord } from '../../src/aws/identity.ts';
import type { Finding } from '../../src/check/finding.ts';
import type { Config } from '../../src/config/config.ts';
import { fileSchema } from '../../src/config/schema/file.ts';
import type { FixesContext } from '../../src/fixes/context.ts';
import type { Decided } from '../../src/fixes/decision.ts';
import type { FixView } from '../../src/fixes/fix.ts';
import type { Directory, Person } from '../../src/fixes/people.ts';
import type { Offer } from '../../src/fixes/propose.ts';
import { createFixes, type Fixes } from '../../src/fixes/service.ts';
import { accountWord } from '../../src/fixes/step-up/account-word.ts';
import { createLogger } from '../../src/ops/logger.ts';
import { type Catalogue, loadCatalogue } from '../../src/posture/catalogue.ts';
import { scan } from '../../src/posture/scan.ts';
import { keepParts, keepSnapshot, latestSnapshot } from '../../src/posture/snapshots.ts';
import {
  DEMO_EXTERNAL_ID,
  DEMO_FIXER,
  DEMO_READER,
  demoEstate,
  role,
  startAws,
  trust,
} from '../../src/sandbox/aws/index.ts';
import type { Estate, RecordedCall } from '../../src/sandbox/aws/types.ts';
import { refresh } from '../../src/snapshot/refresh.ts';
import { resolveTarget } from '../../src/snapshot/target.ts';
import type { Snapshot } from '../../src/snapshot/types.ts';
import type { Store } from '../../src/store/store.ts';

export const REQUESTER = 'U0REQUESTER';
export const APPROVER = 'U0APPROVER1';
export const APPROVER2 = 'U0APPROVER2';
export const GUEST = 'U0GUEST0001';
export const APPROVERS = '@trail-approvers';

/** A directory in memory; `people` and `groups` may be changed between a decision and its execution. */
export interface TestDirectory extends Directory {
  people: Map<string, Person>;
  groups: Map<string, string[]>;
}

export function testDirectory(): TestDirectory {
  const member = (id: string, name: string): Person => ({ id, name, email: `${name}@example.com`, member: true });
  const people = new Map(
    [
      member(REQUESTER, 'robin'),
      member(APPROVER, 'alex'),
      member(APPROVER2, 'sam'),
      { ...member(GUEST, 'guest'), member: false },
    ].map((person) => [person.id, person]),
  );
  const groups = new Map([[APPROVERS, [APPROVER, APPROVER2, GUEST]]]);
  return {
    people,
    groups,
    person: (id) => Promise.resolve(people.get(id)),
    members: (group) => Promise.resolve(groups.get(group) ?? []),
    forget: () => undefined,
    groupId: (group) => Promise.resolve(groups.has(group) ? 'S0TRAILAPPR' : undefined),
  };
}

/** The configuration of the demo estate; `file` is what trail-check.yaml would say besides. */
export function testConfig(file: object = {}): Config {
  const parsed = fileSchema({ commands: [], now: new Date() }).parse({
    environments: { prod: { accounts: ['333333333333', '444444444444'] } },
    approval: { default: { approve: [APPROVERS] } },
    ...file,
    aws: {
      region: 'us-east-1',
      reader: { role: DEMO_READER, externalId: DEMO_EXTERNAL_ID },
      fixer: { role: DEMO_FIXER, externalId: DEMO_EXTERNAL_ID, boundary: 'trail-check/trail-check-logs' },
    },
  });
  return { ...parsed, aws: { ...parsed.aws, region: 'us-east-1' }, logLevel: 'silent', secrets: {} };
}

/** Lets the fixer do anything, so that nothing but the fence of a fix holds it back. */
export function boundlessFixer(estate: Estate): void {
  for (const account of estate.accounts.values()) {
    role(account, DEMO_FIXER, {
      trust: trust([...HUBS], { StringEquals: { 'sts:ExternalId': DEMO_EXTERNAL_ID } }),
      attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    });
  }
}

export const HUBS = ['arn:aws:iam::222222222222:user/trail-check-hub'];
const CHECKS = fileURLToPath(new URL('../../checks', import.meta.url));
let loaded: Promise<Catalogue> | undefined;

/** All checks. */
export function catalogue(): Promise<Catalogue> {
  loaded ??= loadCatalogue(CHECKS);
  return loaded;
}

export interface TestFixes {
  estate: Estate;
  aws: Aws;
  calls: CallRecord[];
  endpoint: string;
  /** Those of the hub. */
  credentials: { accessKeyId: string; secretAccessKey: string };
  store: Store;
  config: Config;
  directory: TestDirectory;
  fixes: Fixes;
  context: FixesContext;
  /** Everything announced, oldest first. */
  announced: FixView[];
  /** Milliseconds that would have been slept. */
  slept: number[];
  /** A run of some checks on a target: judged, kept, and its failing findings planned. */
  scanAndPropose(target: string, checks: readonly string[]): Promise<Scanned>;
  /** Requests and approves by as many people as it takes, the last of them APPROVER. */
  approve(fixId: string): Promise<Decided>;
  /** The fix as it is now. */
  find(fixId: string): Promise<FixView>;
  /** Writes that reached AWS and worked, since the last time this was asked. */
  newWrites(): RecordedCall[];
  close(): Promise<void>;
}

export interface Scanned {
  snapshot: Snapshot;
  findings: Finding[];
  offers: Map<string, Offer>;
  /** The finding of a check on a resource (or account) whose ARN ends like this. */
  finding(check: string, resource: string): Finding;
  /** The id of the fix offered for it; throws with what is offered instead. */
  fixFor(check: string, resource: string): string;
}

export interface TestFixesOptions {
  store: Store;
  /** What trail-check.yaml says besides accounts and roles. */
  file?: object;
  change?: (estate: Estate) => void;
  /** Puts the roles of trail-check; else the fixer may do anything. */
  roles?: (estate: Estate) => void;
  limited?: boolean;
  overrides?: Partial<FixesContext>;
}

const READS = /^(Describe|Get|List|Lookup|Assume|Head|Test)/;

export interface ConnectOptions {
  store: Store;
  /** Of a simulated AWS. */
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  file?: object | undefined;
  /** Keeps to AWS's quotas, as the program does; without it tests need not wait for their turn. */
  limited?: boolean;
  overrides?: Partial<FixesContext>;
}

/** What fixes work with, on a store and an AWS that run already; another process may use the same ones. */
export async function connectFixes({
  store,
  endpoint,
  credentials,
  file,
  limited = false,
  overrides = {},
}: ConnectOptions) {
  const config = testConfig(file);
  const logger = createLogger({ level: 'silent' });
  const calls: CallRecord[] = [];
  const aws = createAws({
    config: config.aws,
    now: () => new Date(),
    logger,
    env: {},
    endpoint,
    credentials: () => Promise.resolve(credentials),
    onCall: (call) => calls.push(call),
    ...(limited ? {} : { limiter: { take: async () => undefined, throttled: () => undefined } }),
  });
  const checks = await catalogue();
  const directory = testDirectory();
  const announced: FixView[] = [];
  const context: FixesContext = {
    store,
    config,
    catalogue: checks,
    reading: {
      latest: (target) => latestSnapshot(store, target),
      refresh: async (snapshot, keys) => (await refresh({ aws, snapshot, keys, config, now: new Date() })).snapshot,
      keep: (snapshot, keys) => keepParts(store, snapshot, keys),
    },
    directory,
    fixer: (account, fence) => aws.fixer(account, fence),
    announce: async (_, fix) => {
      announced.push(fix);
    },
    logger,
    owner: 'test',
    sleep: async () => undefined,
    ...overrides,
  };
  return { aws, calls, config, checks, directory, announced, context, fixes: createFixes(context) };
}

/** Fixes on the demo estate over the wire, with a real store. */
export async function testFixes({
  store,
  file,
  change,
  roles = boundlessFixer,
  limited = false,
  overrides = {},
}: TestFixesOptions): Promise<TestFixes> {
  const slept: number[] = [];
  // Nobody waits here, but AWS settles by its clock: what would have been slept has passed for it.
  const { estate, hub } = demoEstate(() => new Date(slept.reduce((time, ms) => time + ms, Date.now())));
  const sleep = async (ms: number) => {
    slept.push(ms);
  };
  roles(estate);
  change?.(estate);
  const running = await startAws(estate);
  const { endpoint } = running;
  const credentials = { accessKeyId: hub.accessKeyId, secretAccessKey: hub.secretAccessKey };
  const connected = await connectFixes({
    store,
    endpoint,
    credentials,
    file,
    limited,
    overrides: { sleep, ...overrides },
  });
  const { aws, config, checks, fixes } = connected;
  const find = async (id: string) => {
    const fix = await fixes.find(id);
    if (fix === undefined) throw new Error(`there is no fix ${id}`);
    return fix;
  };
  let seen = 0;

  return {
    ...connected,
    slept,
    estate,
    endpoint,
    credentials,
    store,
    find,
    async scanAndPropose(word, wanted) {
      const target = await resolveTarget(word, config, aws);
      if ('suggestions' in target) throw new Error(`${word} means nothing`);
      const withFirst = withTheirFirst(wanted, checks);
      const only = [...checks.values()].filter(({ id }) => withFirst.has(id));
      const scanned = await scan({ aws, config, catalogue: checks, now: () => new Date() }, target, {
        checks: only,
        sweep: false,
      });
      await keepSnapshot(store, word, scanned.snapshot);
      const offers = await fixes.propose({ target: word, snapshot: scanned.snapshot, findings: scanned.findings });
      seen = estate.calls.length;
      const finding = (check: string, resource: string) => {
        const found = scanned.findings.find((one) => one.check === check && one.resource.includes(resource));
        if (found === undefined) throw new Error(`no finding of ${check} on ${resource}`);
        return found;
      };
      return {
        ...scanned,
        offers,
        finding,
        fixFor(check, resource) {
          const one = finding(check, resource);
          const offer = offers.get(one.id);
          if (offer?.kind === 'fix') return offer.fixId;
          throw new Error(`no fix is offered: ${JSON.stringify({ offer, one }, null, 1)}`);
        },
      };
    },
    async approve(fixId) {
      const { revision, people } = await find(fixId);
      const requested = await fixes.request({ fixId, revision, user: REQUESTER, reason: 'test' });
      if (!requested.ok) return requested;
      const { word: alias } = await accountWord(connected.context, await find(fixId));
      if (people > 1) {
        const first = await fixes.approve({ fixId, revision, user: APPROVER2, proof: { alias } });
        if (!first.ok) return first;
      }
      return fixes.approve({ fixId, revision, user: APPROVER, proof: { alias } });
    },
    newWrites() {
      const fresh = estate.calls.slice(seen);
      seen = estate.calls.length;
      return fresh.filter(({ operation, error }) => !READS.test(operation) && error === undefined);
    },
    async close() {
      aws.close();
      await running.close();
    },
  };
}

function withTheirFirst(wanted: readonly string[], checks: Catalogue): Set<string> {
  const all = new Set<string>();
  const add = (id: string) => {
    if (all.has(id)) return;
    all.add(id);
    for (const first of checks.get(id)?.fix.first ?? []) add(first);
  };
  wanted.forEach(add);
  return all;
}

/** Forgets everything of earlier tests but the audit log: opening a store takes longer than emptying one. */
export async function emptyStore(store: Store): Promise<void> {
  for (const table of [
    'signOffs',
    'approvals',
    'signOffs',
    'fixes',
    'freezes',
    'documents',
    'holds',
    'snapshotParts',
  ] as const) {
    await store.query.deleteFrom(table).execute();
  }
}
