/** Where CloudTrail records the events of services without regions (IAM, Organizations, CloudFront, Route 53). */
const GLOBAL_REGIONS: { readonly [partition: string]: string } = {
  aws: 'us-east-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-cn': 'cn-north-1',
};

/** That region of a partition; undefined where it is not known. */
export function globalRegionOf(partition: string): string | undefined {
  return GLOBAL_REGIONS[partition];
}
