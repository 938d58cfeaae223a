import { z } from 'zod';
import type { App } from '../../src/app.ts';
import type { Options, Terminal } from '../../src/command/command.ts';
import { TrailCheckError } from '../../src/ops/error.ts';
import type { AnyCheck } from '../../src/posture/catalogue.ts';
import { membersOf, type Pack } from '../../src/posture/packs/pack.ts';
import { findPack } from '../../src/posture/packs/packs.ts';
import { scan } from '../../src/posture/scan.ts';
import { findTarget, type Target } from '../../src/posture/target.ts';
import { progressBar } from '../../src/report/terminal.ts';

const accountIds = z
  .string()
  .regex(/^\d{12}(,\d{12})*$/, 'takes account ids of twelve digits, parted by commas')
  .transform((list) => list.split(','));

/** What says which accounts are read, how, and for which checks; `plan` takes the same. */
export const READING_OPTIONS = {
  check: { type: 'string', multiple: true, value: 'id', description: 'only this check; may be repeated' },
  pack: {
    type: 'string',
    value: 'id',
    description: 'only the checks of this standard (that of the environment); all: every check',
  },
  accounts: { type: 'string', value: 'id,id', description: 'these accounts, without a configuration' },
  role: { type: 'string', value: 'name', description: 'role to assume in each account' },
  'external-id': { type: 'string', value: 'id', description: 'external id for that role' },
} as const satisfies Options;

export const readingArgs = {
  _: z.array(z.string()).max(1, 'takes one target'),
  check: z.array(z.string()).default([]),
  pack: z.string().optional(),
  accounts: accountIds.optional(),
  role: z.string().optional(),
  'external-id': z.string().optional(),
};

type Args = z.output<z.ZodObject<typeof readingArgs>>;

/** What to read and as whom, by the words of the command. Rejects when a check or the target is not known. */
export async function readingOf(app: App, args: Args) {
  const catalogue = await app.catalogue();
  const named = args.check.map((id) => {
    const check = catalogue.get(id);
    if (check === undefined)
      throw new TrailCheckError(`There is no check "${id}"`, { next: '"trail-check checks" lists them.' });
    return check;
  });
  const reader =
    args.role === undefined
      ? undefined
      : { role: args.role, ...(args['external-id'] === undefined ? {} : { externalId: args['external-id'] }) };
  const aws = app.aws(reader);
  const config = reader === undefined ? app.config : { ...app.config, aws: { ...app.config.aws, reader } };
  const asked = args.pack === undefined ? undefined : packNamed(args.pack);
  const target = await targetOf(args, config, aws);
  const pack = named.length > 0 || args.pack !== undefined ? asked : packNamed(config.environments[target.name]?.pack);
  const members = pack === undefined ? [...catalogue.values()] : membersOf(pack, catalogue);
  const checks = named.length === 0 ? members : named;
  return { catalogue, checks, aws, config, target, pack };
}

/** The pack of that name; `all` stands for none. */
export function packNamed(id: string | undefined): Pack | undefined {
  if (id === undefined || id === 'all') return undefined;
  const pack = findPack(id);
  if ('problem' in pack) throw new TrailCheckError(pack.problem);
  return pack;
}

/** Reads and judges, with a progress bar on a terminal. */
export async function read(
  app: App,
  { aws, config, catalogue, target }: Awaited<ReturnType<typeof readingOf>>,
  checks: readonly AnyCheck[],
  terminal: Terminal,
) {
  const bar = progressBar(terminal);
  const options = { sweep: true, onProgress: bar.show, checks };
  return scan({ aws, config, catalogue, now: app.now }, target, options).finally(bar.clear);
}

async function targetOf(
  { _: [word], accounts }: Args,
  config: App['config'],
  aws: ReturnType<App['aws']>,
): Promise<Target> {
  if (accounts !== undefined) {
    const targets = accounts.map((id) => ({ id, name: id, environments: [] }));
    return { name: word ?? accounts.join(','), accounts: targets };
  }
  return findTarget(word, config, aws);
}
