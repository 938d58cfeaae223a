import { mapPart, read } from './part.ts';
import type { Reading } from './reading.ts';
import type { Part } from './types.ts';

/**
 * Regions that every account of a partition has without opting in, for accounts where `account:ListRegions` is refused.
 * https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */
const ALWAYS_ENABLED: { readonly [partition: string]: readonly string[] } = {
  aws: [
    'ap-northeast-1',
    'ap-northeast-2',
    'ap-northeast-3',
    'ap-south-1',
    'ap-southeast-1',
    'ap-southeast-2',
    'ca-central-1',
    'eu-central-1',
    'eu-north-1',
    'eu-west-1',
    'eu-west-2',
    'eu-west-3',
    'sa-east-1',
    'us-east-1',
    'us-east-2',
    'us-west-1',
    'us-west-2',
  ],
  'aws-cn': ['cn-north-1', 'cn-northwest-1'],
  'aws-us-gov': ['us-gov-east-1', 'us-gov-west-1'],
};

/** Names of the regions enabled in an account. */
export async function readRegions(reading: Reading, account: string): Promise<Part<string[]>> {
  const { home, partition, regions: wanted } = reading.around;
  const place = { account, region: home };
  const pages = await reading.askAll('account:ListRegions', place, {
    RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT'],
  });
  const listed = mapPart(pages, (answers) =>
    answers.flatMap(({ Regions = [] }) => Regions.flatMap(({ RegionName }) => RegionName ?? [])),
  );
  if (listed.state !== 'read' && listed.state !== 'denied' && listed.state !== 'unsupported') return listed;
  if (listed.state !== 'read') {
    reading.notes.add(
      `account:ListRegions is not allowed in account ${account}: only the regions enabled by default are looked into.`,
    );
  }
  const enabled = listed.state === 'read' ? listed.value : (ALWAYS_ENABLED[partition] ?? [home]);
  return read(enabled.filter((region) => wanted === undefined || wanted.includes(region)));
}
