/** The partitions of AWS: their regions, and where their global services answer. */

export interface Partition {
  /** Regions every account has without opting in. */
  defaultRegions: string[];
  /** Regions that an account has to opt into. */
  optInRegions: string[];
  /** Region of the endpoints of IAM, Organizations and Account Management. */
  globalRegion: string;
}

export type PartitionName = 'aws' | 'aws-cn' | 'aws-us-gov';

/** https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html (opt-in regions: a selection) */
const PARTITIONS: Record<PartitionName, Partition> = {
  aws: {
    defaultRegions: [
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
    optInRegions: [
      'af-south-1',
      'ap-east-1',
      'eu-central-2',
      'eu-south-1',
      'il-central-1',
      'me-central-1',
      'me-south-1',
    ],
    globalRegion: 'us-east-1',
  },
  'aws-cn': { defaultRegions: ['cn-north-1', 'cn-northwest-1'], optInRegions: [], globalRegion: 'cn-north-1' },
  'aws-us-gov': {
    defaultRegions: ['us-gov-east-1', 'us-gov-west-1'],
    optInRegions: [],
    globalRegion: 'us-gov-west-1',
  },
};

export function partitionNamed(name: PartitionName): Partition {
  return PARTITIONS[name];
}

/** Where a partition's global services answer; us-east-1 for one we do not know. */
export function globalRegionOf(name: string): string {
  return Object.entries(PARTITIONS).find(([known]) => known === name)?.[1].globalRegion ?? 'us-east-1';
}
