import type { Bucket, PublicAccessBlock, Snapshot, Unreadable } from '../snapshot/types.ts';
import { partOf } from './check.ts';

export const ALL_BLOCKED: PublicAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

const NONE_BLOCKED: PublicAccessBlock = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};

/** The flags at each level, where a missing configuration means all four false. */
export interface EffectiveBlock {
  bucket: PublicAccessBlock | Unreadable;
  account: PublicAccessBlock | Unreadable;
}

type Flag = keyof PublicAccessBlock;

/**
 * Block Public Access of a bucket and of the account that owns it. A flag is in effect if it is set at either level.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export function effectiveBlock(
  snapshot: Pick<Snapshot, 'bucket.publicAccessBlock' | 'account.publicAccessBlock'>,
  bucket: Bucket & { owner: string },
): EffectiveBlock {
  const own = partOf(snapshot['bucket.publicAccessBlock'], bucket.Name);
  const account = partOf(snapshot['account.publicAccessBlock'], bucket.owner);
  return {
    bucket: own.state === 'read' ? own.value : own.state === 'absent' ? NONE_BLOCKED : own,
    account: account.state === 'read' ? account.value : account.state === 'absent' ? NONE_BLOCKED : account,
  };
}

/** Is a flag in effect? Where it is not set at the level that could be read, the other level's reason is the answer. */
export function inEffect(block: EffectiveBlock, flag: Flag): boolean | Unreadable {
  const levels = [block.bucket, block.account];
  if (levels.some((level) => !('state' in level) && level[flag])) return true;
  return levels.find((level): level is Unreadable => 'state' in level) ?? false;
}
