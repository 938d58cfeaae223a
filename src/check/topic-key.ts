import type { Key, Snapshot, Topic, Unreadable } from '../snapshot/types.ts';
import { partOf } from './check.ts';
import { serviceContext } from './evaluators/policy/contexts.ts';
import type { PolicyDocument, RawStatement } from './evaluators/policy/types.ts';
import { organizationIdOf } from './organization.ts';
import { askPolicy, type Obstacle } from './service-access.ts';
import { accountOf, regionOf, type SubjectOf } from './subject.ts';
import { CLOUDTRAIL } from './topic-publish.ts';

const CLOUDWATCH = 'cloudwatch.amazonaws.com';
const ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** A service that publishes, for one of its resources. */
export interface Publisher {
  service: string;
  sourceArn: string;
}

/**
 * Trails and alarms of ours that publish to a topic. `unread`: alarms of its region that could not be read, any of which
 * may publish as well.
 */
export function publishersOf(
  snapshot: Pick<Snapshot, 'alarms'>,
  { arn, region, trails, logGroups }: SubjectOf<'topic'>,
): { publishers: Publisher[]; unread: Unreadable | undefined } {
  const publishers: Publisher[] = trails.map((sourceArn) => ({ service: CLOUDTRAIL, sourceArn }));
  for (const place of new Set(logGroups.map((group) => `${accountOf(group)}/${regionOf(group)}`))) {
    const alarms = partOf(snapshot.alarms, place);
    const leading = Object.values(alarms.state === 'read' ? alarms.value : {}).filter(({ AlarmActions }) =>
      AlarmActions.includes(arn),
    );
    publishers.push(...leading.map(({ AlarmArn }) => ({ service: CLOUDWATCH, sourceArn: AlarmArn })));
  }
  const unread = Object.entries(snapshot.alarms).flatMap(([place, part]) =>
    place.endsWith(`/${region}`) && part.state !== 'read' && part.state !== 'absent' ? [part] : [],
  );
  return { publishers, unread: unread[0] };
}

/** What keeps publishers from using the key of a topic, the first obstacle of each service. */
export function keyObstaclesOf(
  policy: PolicyDocument | undefined,
  keyArn: string,
  publishers: readonly Publisher[],
  snapshot: Pick<Snapshot, 'organization' | 'organization.accounts'>,
): (Obstacle & { service: string })[] {
  const services = [...new Set(publishers.map(({ service }) => service))];
  return services.flatMap((service) => {
    const obstacles = publishers
      .filter((publisher) => publisher.service === service)
      .flatMap((publisher) => ACTIONS.map((action) => ({ publisher, action })))
      .flatMap(({ publisher: { sourceArn }, action }) => {
        const sourceAccount = accountOf(sourceArn);
        const organizationId = organizationIdOf(snapshot, sourceAccount);
        const context = {
          ...serviceContext({ service, sourceArn, sourceAccount, organizationId }),
          // Statements for callers of one account are not meant for a service.
          'kms:calleraccount': [],
          'kms:encryptioncontext:aws:cloudtrail:arn': [],
        };
        const request = { principal: { service }, action, resource: keyArn, context };
        return askPolicy(policy, request, `${action} for ${service}`) ?? [];
      });
    const worst = obstacles.find(({ kind }) => kind !== 'unclear') ?? obstacles[0];
    return worst === undefined ? [] : [{ ...worst, service }];
  });
}

/**
 * What publishers need of the key of an encrypted topic, each service pinned to its sources.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function topicKeyStatements(publishers: readonly Publisher[]): RawStatement[] {
  const sources = (service: string) => publishers.filter((it) => it.service === service).map((it) => it.sourceArn);
  const allow = (Sid: string, Service: string, condition: object): RawStatement => ({
    Sid,
    Effect: 'Allow',
    Principal: { Service },
    Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
    Resource: '*',
    Condition: { StringEquals: condition },
  });
  const [trails, alarms] = [sources(CLOUDTRAIL), sources(CLOUDWATCH)];
  return [
    ...(trails.length === 0 ? [] : [allow('TrailsNotify', CLOUDTRAIL, { 'aws:SourceArn': trails })]),
    ...(alarms.length === 0
      ? []
      : [allow('AlarmsNotify', CLOUDWATCH, { 'aws:SourceAccount': [...new Set(alarms.map(accountOf))] })]),
  ];
}

/** Why a topic in this region cannot be encrypted with the key; undefined where it can. */
export function unfitForTopic({ KeyState, KeyManager, KeySpec, region }: Key, { TopicArn }: Topic): string | undefined {
  const fits =
    KeyState === 'Enabled' &&
    KeyManager === 'CUSTOMER' &&
    KeySpec === 'SYMMETRIC_DEFAULT' &&
    region === regionOf(TopicArn);
  if (fits) return undefined;
  return `The key is ${KeyState}, ${KeyManager}, ${KeySpec} in ${region}; it must be an enabled symmetric customer managed key in ${regionOf(TopicArn)}.`;
}
