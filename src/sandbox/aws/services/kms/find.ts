/** The key of a request, by id, ARN, alias or alias ARN; only ARNs reach into other accounts. */
import { neededString } from '../../input.ts';
import {
  AwsError,
  type Input,
  type Key,
  type Operation,
  type Output,
  type Permission,
  type RequestContext,
} from '../../types.ts';

export function keyOf(context: RequestContext, input: Input): Key {
  const { account, region, estate } = context;
  const asked = neededString(input, 'KeyId');
  const own = asked.startsWith('arn:')
    ? asked
    : `arn:${estate.partition}:kms:${region}:${account.id}:${asked.startsWith('alias/') ? '' : 'key/'}${asked}`;
  const match = /^arn:[\w-]+:kms:([\w-]+):(\d{12}):(?:key\/([\w-]+)|(alias\/.+))$/.exec(own);
  if (!match) throw new AwsError('InvalidArnException', `${asked} is not the ARN of a key or alias.`);
  const [, home = '', owner = '', id, alias] = match;
  // A key exists in its region's endpoint only.
  if (home !== region) throw new AwsError('NotFoundException', `Invalid arn ${home}`);
  const holder = estate.accounts.get(owner)?.regional.get(home);
  const key = holder?.keys.get(id ?? holder.aliases.get(alias ?? '') ?? '');
  if (key) return key;
  throw new AwsError('NotFoundException', alias ? `Alias ${own} is not found.` : `Key '${own}' does not exist`);
}

export function ownerOf(key: Key): string {
  return key.arn.split(':')[4] ?? '';
}

/** Decided by the key policy, which may hand the decision to the owner's IAM policies. */
export function keyPermission(context: RequestContext, key: Key, action: string): Permission {
  return {
    action: `kms:${action}`,
    resource: key.arn,
    context: { 'kms:CallerAccount': context.account.id },
    resourcePolicy: { document: key.policy, owner: ownerOf(key) },
  };
}

/** An operation on one key; most of them are refused across accounts, whatever the key policy says. */
export function onKey(
  action: string,
  handle: (key: Key, input: Input, context: RequestContext) => Output | undefined,
  options: { crossAccount: boolean } = { crossAccount: false },
): Operation {
  return {
    permissions: (context, input) => [keyPermission(context, keyOf(context, input), action)],
    handle(context, input) {
      const key = keyOf(context, input);
      if (!options.crossAccount && ownerOf(key) !== context.account.id) {
        const message = `User: ${context.credential.arn} is not authorized to perform: kms:${action} on resource: ${key.arn} because the resource belongs to another account`;
        throw new AwsError('AccessDeniedException', message);
      }
      return handle(key, input, context) ?? {};
    },
  };
}

/** Throws unless the key is in one of the states. */
export function requireState(key: Key, ...states: Key['state'][]): void {
  if (states.includes(key.state)) return;
  const words = { PendingDeletion: 'pending deletion', Disabled: 'disabled' };
  const state = key.state === 'PendingDeletion' || key.state === 'Disabled' ? words[key.state] : key.state;
  if (key.state === 'Disabled') throw new AwsError('DisabledException', `${key.arn} is disabled.`);
  throw new AwsError('KMSInvalidStateException', `${key.arn} is ${state}.`);
}
