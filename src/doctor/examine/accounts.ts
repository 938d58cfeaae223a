import type { Aws } from '../../aws/aws.ts';
import { CannotEnter } from '../../aws/errors.ts';
import { actionsOf } from '../../aws/permissions.ts';
import type { Config } from '../../config/config.ts';
import type { Diagnosis } from '../../ops/diagnosis.ts';
import { describeError, TrailCheckError } from '../../ops/error.ts';
import { resolveTarget, type TargetAccount } from '../../snapshot/target.ts';

const AT_ONCE = 8;
const WHO_AM_I = 'sts:GetCallerIdentity';

/**
 * Who the process is, and whether it gets into every account as the reader and, where one is configured, as the fixer.
 * Roles are assumed and nothing is done with them but to ask who one is.
 */
export async function examineAccounts(config: Config, aws: Aws): Promise<Diagnosis[]> {
  try {
    const { arn, account, partition } = await aws.caller();
    const found: Diagnosis[] = [ok(`The credentials are those of ${arn}.`)];
    const accounts = await accountsOf(config, aws, found);
    if (accounts.length === 0) accounts.push({ id: account, name: account, environments: [] });
    found.push(...(await each(accounts, (one) => entered(one, 'reader', () => asReader(aws, config, one.id)))));
    if (!aws.canFix()) {
      found.push({ level: 'note', area: 'AWS', what: 'No fixer role is configured: this installation only watches.' });
      return summed(found, accounts.length);
    }
    const fixable = accounts.filter(({ environments }) => !isObserved(config, environments));
    found.push(...(await each(fixable, (one) => entered(one, 'fixer', () => asFixer(aws, config, one.id, partition)))));
    return summed(found, accounts.length);
  } catch (error) {
    if (!(error instanceof TrailCheckError)) throw error;
    return [problem(error)];
  }
}

async function accountsOf(config: Config, aws: Aws, found: Diagnosis[]): Promise<TargetAccount[]> {
  const accounts = new Map<string, TargetAccount>();
  for (const name of Object.keys(config.environments)) {
    try {
      const target = await resolveTarget(name, config, aws);
      for (const account of 'accounts' in target ? target.accounts : []) accounts.set(account.id, account);
    } catch (error) {
      found.push({ ...problem(error), what: `The accounts of ${name} cannot be told: ${messageOf(error)}` });
    }
  }
  return [...accounts.values()];
}

function isObserved({ environments }: Config, names: readonly string[]): boolean {
  return names.length > 0 && names.every((name) => environments[name]?.mode === 'observe');
}

async function asReader(aws: Aws, config: Config, account: string): Promise<void> {
  await aws.reader(account).call(WHO_AM_I, config.aws.region, {});
}

/** The same session as that of a fix, with the right to nothing. */
async function asFixer(aws: Aws, config: Config, account: string, partition: string): Promise<void> {
  const where = { account, region: config.aws.region, partition };
  const tags = { 'trail-check:fix': 'tc-doctor', 'trail-check:finding': 'none', 'trail-check:approvers': 'none' };
  const fence = {
    ...{ sessionName: 'tc-doctor', sourceIdentity: 'doctor', tags, durationSeconds: 900 },
    calls: [actionsOf(WHO_AM_I, {}, where)],
  };
  await aws.fixer(account, fence).call(WHO_AM_I, config.aws.region, {});
}

type Role = 'reader' | 'fixer';

async function entered({ id, name }: TargetAccount, role: Role, enter: () => Promise<void>): Promise<Diagnosis> {
  const where = name === id ? id : `${name} (${id})`;
  try {
    await enter();
    return ok(`The ${role} gets into ${where}.`);
  } catch (error) {
    const { next } = problem(error);
    const reason = error instanceof CannotEnter ? error.reason : messageOf(error);
    const what = `The ${role} does not get into ${where}: ${reason}`;
    return {
      level: 'problem',
      area: 'AWS',
      what,
      next: hint(role, error) ?? next ?? 'Look at the role in that account.',
    };
  }
}

/** A session that says already who it is for cannot say who approved a fix (decision 21). */
function hint(role: Role, error: unknown): string | undefined {
  if (role !== 'fixer' || !(error instanceof CannotEnter)) return undefined;
  const cause = error.cause instanceof Error ? error.cause.message : '';
  if (/source ?identity/i.test(cause)) {
    return 'The credentials of this process may not set a source identity, or carry another one already. Run it with credentials whose own session sets none, and allow sts:SetSourceIdentity in the trust of the fixer.';
  }
  return 'Its trust must name who this process is, the external id, session names tc-*, a source identity and the three tags: "trail-check iam fixer" prints it. Credentials that carry a source identity already do not get in.';
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<Diagnosis>): Promise<Diagnosis[]> {
  const found: Diagnosis[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    found.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return found;
}

/** Where all is well in many accounts one line says so. */
function summed(found: readonly Diagnosis[], accounts: number): Diagnosis[] {
  if (accounts <= AT_ONCE) return [...found];
  const into = (role: Role) =>
    found.filter(({ level, what }) => level === 'ok' && what.startsWith(`The ${role} gets into`));
  const lines = (['reader', 'fixer'] as const).flatMap((role) => {
    const { length } = into(role);
    return length === 0 ? [] : [ok(`The ${role} gets into ${length} accounts.`)];
  });
  const gone = new Set([...into('reader'), ...into('fixer')]);
  return [...found.filter((one) => !gone.has(one)), ...lines];
}

function ok(what: string): Diagnosis {
  return { level: 'ok', area: 'AWS', what };
}

function problem(error: unknown): Diagnosis {
  const next = error instanceof TrailCheckError ? error.next : undefined;
  return { level: 'problem', area: 'AWS', what: messageOf(error), ...(next === undefined ? {} : { next }) };
}

function messageOf(error: unknown): string {
  return error instanceof TrailCheckError ? error.message : describeError(error);
}
