import { mapPart } from './part.ts';
import type { Reading } from './reading.ts';
import type { Part, PublicAccessBlock } from './types.ts';

/** Names of all buckets that an account owns. */
export async function readBucketNames(reading: Reading, account: string): Promise<Part<string[]>> {
  const place = { account, region: reading.around.home };
  return mapPart(await reading.askAll('s3:ListBuckets', place, {}), (pages) =>
    pages.flatMap(({ Buckets = [] }) => Buckets.flatMap(({ Name }) => Name ?? [])),
  );
}

/** Block Public Access of the whole account. */
export async function readAccountPublicAccessBlock(
  reading: Reading,
  account: string,
): Promise<Part<PublicAccessBlock>> {
  const place = { account, region: reading.around.home };
  const answer = await reading.ask('s3control:GetPublicAccessBlock', place, { AccountId: account });
  return mapPart(answer, ({ PublicAccessBlockConfiguration }) => flags(PublicAccessBlockConfiguration));
}

/** A flag that AWS leaves out is off. */
export function flags(
  given: Partial<{ [Flag in keyof PublicAccessBlock]: boolean | undefined }> = {},
): PublicAccessBlock {
  return {
    BlockPublicAcls: given.BlockPublicAcls ?? false,
    IgnorePublicAcls: given.IgnorePublicAcls ?? false,
    BlockPublicPolicy: given.BlockPublicPolicy ?? false,
    RestrictPublicBuckets: given.RestrictPublicBuckets ?? false,
  };
}
