import { regionIn } from './arn.ts';
import { isUnreadable, mapPart, read } from './part.ts';
import type { PartReaders } from './reader.ts';
import { type Place, type Reading, splitPlace } from './reading.ts';
import type { LogsResourcePolicy, Part, SharingLink } from './types.ts';

type PolicyQuery = { policyScope?: 'RESOURCE'; resourceArn?: string };

/** Policies of the account and region, and those that hang on a log group of one of its trails. */
async function readPolicies(reading: Reading, key: string): Promise<Part<LogsResourcePolicy[]>> {
  const place = splitPlace(key);
  const groups = await groupsOfTrails(reading, place);
  if (groups.state !== 'read') return groups;
  const queries: PolicyQuery[] = [
    {},
    ...groups.value.map((resourceArn): PolicyQuery => ({ policyScope: 'RESOURCE', resourceArn })),
  ];
  const answers = await Promise.all(queries.map((query) => policiesOf(reading, place, query)));
  const refused = answers.find(isUnreadable);
  return refused ?? read(answers.flatMap((answer) => (answer.state === 'read' ? answer.value : [])));
}

async function policiesOf(reading: Reading, place: Place, query: PolicyQuery): Promise<Part<LogsResourcePolicy[]>> {
  const pages = await reading.askAll('logs:DescribeResourcePolicies', place, query);
  return mapPart(pages, (answers) =>
    answers.flatMap(({ resourcePolicies = [] }) =>
      resourcePolicies.map(({ policyName = '', policyDocument = '', resourceArn = query.resourceArn }) => ({
        policyName,
        policyDocument,
        ...(resourceArn === undefined ? {} : { resourceArn }),
      })),
    ),
  );
}

/** ARNs, with the trailing `:*`, of the log groups that trails of the account write to in this region. */
async function groupsOfTrails(reading: Reading, { account, region }: Place): Promise<Part<string[]>> {
  const listing = await reading.part('account.trails', account);
  if (listing.state !== 'read') return listing.state === 'absent' ? read([]) : listing;
  const trails = await Promise.all(listing.value.map(({ TrailARN }) => reading.part('trail', TrailARN)));
  const groups = trails.flatMap((trail) =>
    trail.state === 'read' && trail.value.owner === account ? (trail.value.CloudWatchLogsLogGroupArn ?? []) : [],
  );
  return read([...new Set(groups)].filter((arn) => regionIn(arn) === region));
}

const LOG_GROUPS = 'AWS::Logs::LogGroup';

/** Links to monitoring accounts; of those that share log groups, which ones. */
async function readLinks(reading: Reading, key: string): Promise<Part<SharingLink[]>> {
  const place = splitPlace(key);
  const pages = await reading.askAll('oam:ListLinks', place, {});
  if (pages.state !== 'read') return pages;
  const links: SharingLink[] = [];
  for (const { Arn = '', Label = '', ResourceTypes = [], SinkArn = '' } of pages.value.flatMap(
    ({ Items = [] }) => Items,
  )) {
    const link = { Arn, Label, ResourceTypes, SinkArn };
    const filter = ResourceTypes.includes(LOG_GROUPS) ? await readFilter(reading, place, Arn) : read('');
    if (isUnreadable(filter)) return filter;
    links.push(filter.state === 'read' && filter.value !== '' ? { ...link, logGroupFilter: filter.value } : link);
  }
  return read(links);
}

/** Empty: all log groups. */
async function readFilter(reading: Reading, place: Place, link: string): Promise<Part<string>> {
  const answer = await reading.ask('oam:GetLink', place, { Identifier: link });
  return mapPart(answer, ({ LinkConfiguration }) => LinkConfiguration?.LogGroupConfiguration?.Filter ?? '');
}

export const sharingParts: PartReaders<'logs.resourcePolicies' | 'oam.links'> = {
  'logs.resourcePolicies': {
    key: 'account/region',
    operations: ['logs:DescribeResourcePolicies'],
    needs: ['account.trails', 'trail'],
    read: readPolicies,
  },
  'oam.links': { key: 'account/region', operations: ['oam:ListLinks', 'oam:GetLink'], needs: [], read: readLinks },
};
