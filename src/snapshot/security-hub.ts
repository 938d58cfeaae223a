import { mapPart } from './part.ts';
import type { PartReaders } from './reader.ts';
import { type Reading, splitPlace } from './reading.ts';
import type { Part, SecurityHub } from './types.ts';

/** Security Hub of a region with its enabled standards. */
async function readHub(reading: Reading, key: string): Promise<Part<SecurityHub>> {
  const place = splitPlace(key);
  const hub = await reading.ask('securityhub:DescribeHub', place, {});
  if (hub.state !== 'read') return hub;
  const pages = await reading.askAll('securityhub:GetEnabledStandards', place, {});
  return mapPart(pages, (answers) => ({
    HubArn: hub.value.HubArn ?? '',
    standards: answers.flatMap(({ StandardsSubscriptions = [] }) =>
      StandardsSubscriptions.flatMap(({ StandardsArn }) => StandardsArn ?? []),
    ),
  }));
}

export const securityHubParts: PartReaders<'securityHub.hub'> = {
  'securityHub.hub': {
    key: 'account/region',
    operations: ['securityhub:DescribeHub', 'securityhub:GetEnabledStandards'],
    needs: [],
    read: readHub,
  },
};
