import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { DEFAULT_FAMILIES, FAMILIES } from '../src/doctor/iam/families.ts';
import { fixerRole } from '../src/doctor/iam/fixer.ts';
import { givenFrom, partitionOfRegion } from '../src/doctor/iam/given.ts';
import { printRole, ROLE_FORMATS } from '../src/doctor/iam/print.ts';
import { readerRole } from '../src/doctor/iam/reader.ts';
import { TrailCheckError } from '../src/ops/error.ts';
import { type Catalogue, partsNeeded } from '../src/posture/catalogue.ts';
import { membersOf } from '../src/posture/packs/pack.ts';
import { findPack } from '../src/posture/packs/packs.ts';
import { withFirst } from './plan.ts';

const TAKES = 'takes reader or fixer';
const many = (form: RegExp, message: string) => z.array(z.string().regex(form, message)).default([]);

const args = z
  .strictObject({
    _: z.tuple([z.enum(['reader', 'fixer'], { error: TAKES })], { error: TAKES }),
    format: z.enum(ROLE_FORMATS, { error: `takes ${ROLE_FORMATS.join(', ')}` }).default('json'),
    check: z.array(z.string()).default([]),
    pack: z.array(z.string()).default([]),
    family: z.array(z.enum(FAMILIES, { error: `takes ${FAMILIES.join(', ')}` })).default([]),
    bucket: many(/^(arn:aws[\w-]*:s3:::)?[a-z0-9.*?-]+$/, 'takes the name or ARN of a bucket'),
    key: many(/^arn:aws[\w-]*:kms:[\w*-]+:(\d{12}|\*):key\/[\w*-]+$/, 'takes the ARN of a key'),
    role: many(/^(arn:aws[\w-]*:iam::(\d{12}|\*):role\/)?[\w+=,.@/*?-]+$/, 'takes the name or ARN of a role'),
    account: z
      .string()
      .regex(/^\d{12}$/, 'takes an account id of twelve digits')
      .optional(),
    hub: z
      .string()
      .regex(/^arn:aws[\w-]*:(iam|sts)::\d{12}:.+$/, 'takes the ARN of who enters')
      .optional(),
    'external-id': z
      .string()
      .regex(/^[\w+=,.@:/-]{2,1224}$/, 'takes 2 to 1224 letters, digits and _+=,.@:/-')
      .optional(),
  })
  .superRefine((given, context) => {
    const [kind] = given._;
    const fixersOnly = ['family', 'bucket', 'key', 'role'] as const;
    const misplaced = kind === 'reader' ? fixersOnly.filter((name) => given[name].length > 0) : [];
    for (const name of misplaced) context.addIssue({ code: 'custom', path: [name], message: 'is for the fixer only' });
    if (given.format === 'json' && (given.hub === undefined) !== (given['external-id'] === undefined)) {
      context.addIssue({ code: 'custom', message: 'a trust policy takes both --hub and --external-id' });
    }
  });

export default defineCommand<App>()({
  name: 'iam',
  summary: 'Print the exact permissions of the reader or of the fixer',
  usage: 'reader|fixer',
  options: {
    format: { type: 'string', value: ROLE_FORMATS.join('|'), description: 'how to print it (json)' },
    check: { type: 'string', multiple: true, value: 'id', description: 'for this check only; may be repeated' },
    pack: { type: 'string', multiple: true, value: 'id', description: 'for the checks of this standard only' },
    family: {
      type: 'string',
      multiple: true,
      value: FAMILIES.join('|'),
      description: `fixes to allow (${DEFAULT_FAMILIES.join(', ')})`,
    },
    bucket: { type: 'string', multiple: true, value: 'name', description: 'a bucket that may be changed' },
    key: { type: 'string', multiple: true, value: 'arn', description: 'a key that may be changed' },
    role: { type: 'string', multiple: true, value: 'name', description: 'a role that CloudTrail writes with' },
    account: { type: 'string', value: 'id', description: 'the account of the role (any)' },
    hub: { type: 'string', value: 'arn', description: 'who enters' },
    'external-id': { type: 'string', value: 'id', description: 'what they must know' },
  },
  args,

  async terminal(app, given, terminal) {
    const catalogue = await app.catalogue();
    const chosen = withFirst(chosenFrom(catalogue, given), catalogue);
    const [kind] = given._;
    const families =
      given.family.length > 0 ? FAMILIES.filter((name) => given.family.includes(name)) : DEFAULT_FAMILIES;
    const role =
      kind === 'reader'
        ? readerRole([...partsNeeded(chosen)])
        : fixerRole(
            chosen.map(({ fix }) => fix.operations),
            families,
          );
    const { bucket: buckets, key: keys, role: roles, account, hub, 'external-id': externalId } = given;
    const partition = app.config.aws.partition ?? partitionOfRegion(app.config.aws.region);
    const words = { buckets, keys, roles, account, hub, externalId };
    terminal.out(printRole(role, givenFrom(words, partition), given.format));
    return 0;
  },
});

/** The checks and packs that were named, or all checks. */
function chosenFrom(catalogue: Catalogue, { check, pack }: { check: string[]; pack: string[] }) {
  if (check.length + pack.length === 0) return [...catalogue.values()];
  const named = check.map((id) => {
    const found = catalogue.get(id);
    if (found === undefined)
      throw new TrailCheckError(`There is no check "${id}"`, { next: '"trail-check checks" lists them.' });
    return found;
  });
  const members = pack.flatMap((id) => {
    const found = findPack(id);
    if ('problem' in found) throw new TrailCheckError(found.problem);
    return membersOf(found, catalogue);
  });
  return [...new Set([...named, ...members])];
}
