import { z } from 'zod';
import { policy } from './approval.ts';
import { accountId, channel, checkId, oneOrMore, person, text } from './values.ts';

const account = z.preprocess(
  (value) => (typeof value === 'string' || typeof value === 'number' ? { id: String(value) } : value),
  z.strictObject({ id: accountId, name: z.string().min(1).exactOptional() }),
);

const accounts = z
  .array(account)
  .min(1, { error: 'must not be an empty list; name accounts, or leave the key out and choose by organization' })
  .superRefine((listed, context) => {
    for (const [index, { id }] of listed.entries()) {
      if (listed.findIndex((other) => other.id === id) === index) continue;
      context.addIssue({ code: 'custom', path: [index], message: `account ${id} is listed twice` });
    }
  });

const glob = z.string().min(1, { error: 'must be a name or a pattern, such as prod-*' });

/** Tag key to the values that fit. */
const tags = z.record(z.string(), oneOrMore(glob));

/** Accounts of AWS Organizations for which everything named here fits; of several values one is enough. */
const organizationSelector = z
  .strictObject({
    /** OU ids, or paths of names from the root: `Workloads/Production`. Units below are included. */
    ou: oneOrMore(z.string().min(1)).exactOptional(),
    tag: tags.exactOptional(),
    name: oneOrMore(glob).exactOptional(),
  })
  .refine((value) => Object.keys(value).length > 0, { error: 'must name at least one of ou, tag, name' });

/** Resources that code elsewhere owns: fixes are shown as text. */
export const ownership = z
  .strictObject({ tag: tags.exactOptional(), name: oneOrMore(glob).exactOptional() })
  .refine((value) => Object.keys(value).length > 0, { error: 'must name a tag, a name, or both' });

/** Settings by check id. They are validated by the check's own schema when the catalogue is loaded. */
export const checkSettings = z.record(checkId, z.record(z.string(), z.unknown()));

const environment = z
  .strictObject({
    accounts: accounts.exactOptional(),
    organization: organizationSelector.exactOptional(),
    viewers: z.array(person).exactOptional(),
    channels: z.array(channel).exactOptional(),
    settings: checkSettings.exactOptional(),
    /** Id of the pack that its runs report on. */
    pack: z.string().min(1).exactOptional(),
    approval: policy.exactOptional(),
    /** `observe`: no buttons. `auto`: fixes of the standing approvals run by themselves. Absent: people are asked. */
    mode: z.enum(['observe', 'ask', 'auto']).exactOptional(),
  })
  .refine((value) => value.accounts !== undefined || value.organization !== undefined, {
    error: 'must say which accounts it holds: accounts, organization, or both',
  });

/** `environments`; a name that is a command's, or twelve digits, could not be told apart in `/trail-check <name>`. */
export function environmentsSchema(commands: readonly string[]) {
  const name = text(
    /^[a-z][a-z0-9_-]{0,62}$/,
    'a name of lower-case letters, digits, - and _, beginning with a letter',
  ).refine((value) => !commands.includes(value), {
    error: `must not be named like a command (${commands.join(', ')})`,
  });
  return z.record(name, environment);
}
