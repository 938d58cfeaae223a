import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { expect } from 'vitest';
import type { Plan } from '../../../src/check/plan.ts';
import type { Config } from '../../../src/config/config.ts';
import type { Decided } from '../../../src/fixes/decision.ts';
import type { Proposal } from '../../../src/fixes/fix.ts';
import { createFixes, type Fixes } from '../../../src/fixes/service.ts';
import { createLogger } from '../../../src/ops/logger.ts';
import { announce } from '../../../src/slack/announce.ts';
import type { FixState } from '../../../src/store/fix-states.ts';
import { createFix, transition } from '../../../src/store/fixes.ts';
import type { Store } from '../../../src/store/store.ts';
import { fixView, plan } from '../../slack/blocks/support.ts';
import { type TestDirectory, testConfig, testDirectory } from '../../support/fixes.ts';

export const KEY = randomBytes(32).toString('base64');
/** The account of the plan below has this name in the configuration. */
export const ALIAS = 'acme prod';
export const CHANNEL = 'C0AUDITTRAIL';

/** The code that an authenticator with this secret shows. */
export function codeAt(secret: string, at: Date): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });
}

/** A code that it does not show, at that moment or around it. */
export function wrongCode(secret: string, at: Date): string {
  const near = [-30_000, 0, 30_000].map((ms) => codeAt(secret, new Date(at.getTime() + ms)));
  return ['000000', '111111', '222222', '333333'].find((code) => !near.includes(code)) ?? '444444';
}

export interface Replica {
  fixes: Fixes;
  directory: TestDirectory;
  store: Store;
}

/** Fixes on a store, without AWS; several on one store are replicas. */
export function replica(store: Store, approval: object = {}, { key = KEY, ...rest }: { key?: string } = {}): Replica {
  const directory = testDirectory();
  const file = {
    environments: { prod: { accounts: [{ id: '111111111111', name: ALIAS }], channels: [CHANNEL] } },
    approval: { default: { approve: ['@trail-approvers'], ...approval } },
    ...rest,
  };
  const config: Config = { ...testConfig(file), secrets: key === '' ? {} : { stepUpKey: key } };
  const nothing = () => {
    throw new Error('AWS is not there in this test');
  };
  const fixes = createFixes({
    ...{ store, config, directory, announce, catalogue: new Map(), owner: 'test' },
    reading: { latest: nothing, refresh: nothing, keep: nothing },
    fixer: nothing,
    logger: createLogger({ level: 'silent' }),
    sleep: async () => undefined,
  });
  return { fixes, directory, store };
}

let made = 0;

/** A fix that nobody has asked for yet. */
export async function proposedFix(
  store: Store,
  changes: Partial<Plan> = {},
  environment = 'prod',
): Promise<{ fixId: string; revision: number }> {
  made += 1;
  const { class: kind, risk } = plan(changes);
  const proposal: Proposal = {
    ...fixView().proposal,
    plan: plan(changes),
    environments: { '111111111111': [environment] },
    origin: { channel: CHANNEL, threadKey: 'run:1' },
  };
  const row = await store.transaction((tx) =>
    createFix(tx, {
      ...{ key: `finding-${made}`, findings: [], check: proposal.plan.check, accounts: ['111111111111'] },
      ...{ plan: proposal, planHash: `hash ${made}`, class: kind, risk, people: 1 },
    }),
  );
  return { fixId: row?.id ?? '', revision: 1 };
}

/** Lets an approved fix come to its end, as if it had run. */
export async function runTo(store: Store, fixId: string, end: FixState = 'fixed'): Promise<void> {
  const steps = [
    ['approved', 'applying'],
    ['applying', 'verifying'],
    ['verifying', end],
  ] as const;
  for (const [from, to] of steps) await store.transaction((tx) => transition(tx, fixId, from, to));
}

/** Sets up codes for a person and gives their secret. */
export async function enrolled({ fixes, store }: Replica, user: string): Promise<string> {
  const begun = await fixes.codes.begin({ user });
  if (!begun.ok) throw new Error(begun.message);
  expect(await fixes.codes.confirm({ user, code: codeAt(begun.secret, store.now()) })).toEqual({ ok: true });
  return begun.secret;
}

export function refused(message: RegExp, field?: string): Partial<Decided> {
  return {
    ok: false,
    message: expect.stringMatching(message),
    ...(field === undefined ? {} : { field: expect.stringMatching(field) }),
  };
}

/** Actions in the audit log since a moment, in order. */
export async function actionsSince(store: Store, at: Date): Promise<string[]> {
  const rows = await store.query.selectFrom('audit').select('action').where('at', '>=', at).orderBy('seq').execute();
  return rows.map(({ action }) => action);
}
