import { absent, isUnreadable, read } from './part.ts';
import type { Place, Reading } from './reading.ts';
import type { Bucket, OrganizationAccount, Part, Unreadable } from './types.ts';

/** Names that accounts of log archives usually have: they are listed first. */
const ARCHIVE_NAME = /log|archive|audit|security/i;

/**
 * Where a bucket lies and who owns it. The owner is an account that answers HeadBucket when asked as the expected owner
 * (the configured archive, the owners of the trails that use it), or else one that lists it among its buckets; likely
 * accounts are listed first. When nobody does and somebody could not be listed, that is the answer: without it nobody
 * can tell whose the bucket is.
 */
export async function findBucket(reading: Reading, name: string): Promise<Part<Bucket>> {
  const likely = likelyOwners(reading, name);
  const seen: { region?: string; refused?: Part<never> } = {};
  for (const place of likely) {
    const { account } = place;
    const head = await headBucket(reading, place, name);
    if (head.part.state === 'absent') return head.part;
    if (head.region !== undefined) seen.region = head.region;
    if (head.part.state === 'read' && head.region !== undefined) {
      return read({ Name: name, region: head.region, owner: account, everyAccountListed: false });
    }
    if (head.part.state !== 'read') seen.refused ??= head.part;
  }
  const found = await findLister(
    reading,
    name,
    likely.map(({ account }) => account),
  );
  if (found.unlisted !== undefined && found.owner === undefined) return found.unlisted;
  const region = seen.region ?? (await regionFrom(reading, name, found.owner));
  if (region === undefined) {
    return seen.refused ?? { state: 'error', operation: 's3:HeadBucket', account: '', message: 'no region was told' };
  }
  return read({
    Name: name,
    region,
    ...(found.owner === undefined ? {} : { owner: found.owner }),
    everyAccountListed: found.unlisted === undefined && found.owner === undefined,
  });
}

/** The configured archive and the owners of the trails that use it, each with the region where the bucket probably is. */
function likelyOwners({ around, users }: Reading, name: string): Place[] {
  const { archive, home, scope } = around;
  const using = users(`bucket:${name}`);
  const region = using[0]?.region ?? home;
  const places = [...(archive?.bucket === name ? [{ account: archive.account, region }] : []), ...using];
  const likely = new Map(places.map((place) => [place.account, place]));
  if (likely.size > 0) return [...likely.values()];
  return scope.slice(0, 1).map((account) => ({ account, region }));
}

/** S3 tells a bucket's region whatever else it answers: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
async function headBucket(
  reading: Reading,
  place: Place,
  name: string,
): Promise<{ part: Part<unknown>; region?: string | undefined }> {
  const input = { Bucket: name, ExpectedBucketOwner: place.account };
  const { part, error } = await reading.attempt('s3:HeadBucket', place, input);
  if (part.state === 'absent') return { part: absent('NoSuchBucket') };
  return { part, region: part.state === 'read' ? part.value.BucketRegion : regionOfError(error) };
}

function regionOfError(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('$response' in error)) return undefined;
  const response = error.$response;
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined;
  const { headers } = response;
  if (typeof headers !== 'object' || headers === null || !('x-amz-bucket-region' in headers)) return undefined;
  return String(headers['x-amz-bucket-region']);
}

/** The account that lists the bucket, or the first account that had to be listed and could not be. */
async function findLister(
  reading: Reading,
  name: string,
  likely: readonly string[],
): Promise<{ owner?: string; unlisted?: Unreadable }> {
  const members = await reading.part('organization.accounts', 'organization');
  let unlisted: Unreadable | undefined;
  for (const group of candidates(reading, likely, members)) {
    const listings = await Promise.all(
      group.map(async (account) => ({ account, names: await reading.part('account.buckets', account) })),
    );
    for (const { account, names } of listings) {
      if (names.state === 'read' && names.value.includes(name)) return { owner: account };
      if (isUnreadable(names)) unlisted ??= names;
    }
  }
  if (isUnreadable(members)) unlisted ??= members;
  return unlisted === undefined ? {} : { unlisted };
}

/** Accounts to list, in groups: the next group is only listed if the bucket was not found in the one before. */
function candidates(
  { around: { archive, scope, known } }: Reading,
  likely: readonly string[],
  members: Part<{ [id: string]: OrganizationAccount }>,
): string[][] {
  const accounts = members.state === 'read' ? Object.values(members.value) : [];
  const closed = new Set(accounts.filter(({ State }) => State !== 'ACTIVE').map(({ Id }) => Id));
  const archives = accounts.filter(({ Name }) => ARCHIVE_NAME.test(Name)).map(({ Id }) => Id);
  const groups = [
    [...(archive === undefined ? [] : [archive.account]), ...archives],
    likely,
    [...scope, ...known, ...accounts.map(({ Id }) => Id)],
  ];
  const taken = new Set(closed);
  return groups.map((group) => {
    const fresh = [...new Set(group)].filter((account) => !taken.has(account));
    for (const account of fresh) taken.add(account);
    return fresh;
  });
}

async function regionFrom(reading: Reading, name: string, owner: string | undefined): Promise<string | undefined> {
  if (owner === undefined) return undefined;
  return (await headBucket(reading, { account: owner, region: reading.around.home }, name)).region;
}
