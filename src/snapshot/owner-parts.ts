import type { PartName } from './types.ts';

/**
 * Tags tell who else owns a resource (CloudFormation, a landing zone, Terraform by the configuration): they are read with
 * it, whichever checks run. The tags of roles and event data stores come with these themselves.
 */
export const OWNER_PARTS: readonly PartName[] = [
  'trail.tags',
  'bucket.tags',
  'key.tags',
  'logGroup.tags',
  'topic.tags',
];
