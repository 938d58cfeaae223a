/** CreateTrail and UpdateTrail: both build the trail as it would be, check it whole, then store it. */
import { neededString, recordsIn, stringIn } from '../../input.ts';
import { regionOf } from '../../region.ts';
import {
  type Account,
  AwsError,
  type Estate,
  type Input,
  type Operation,
  type Permission,
  type RequestContext,
  type Trail,
} from '../../types.ts';
import { flagIn } from '../members.ts';
import { arnAsked, nameProblem, trailsIn, trailsOf, trailToChange } from './find.ts';
import { checkOrganization, organizationPermissions } from './organization.ts';
import { checkPrerequisites } from './prerequisites.ts';
import { WRITE } from './quotas.ts';
import { settingsOf, tagsAsked } from './read.ts';

const TRAILS_PER_REGION = 5;

export const createTrail: Operation = {
  quota: WRITE,
  permissions: (context, input) => [
    { action: 'cloudtrail:CreateTrail', resource: arnAsked(context, stringIn(input, 'Name') ?? '') },
    ...(recordsIn(input, 'TagsList').length > 0
      ? [{ action: 'cloudtrail:AddTags', resource: arnAsked(context, stringIn(input, 'Name') ?? '') }]
      : []),
    ...passRole(input),
    ...(flagIn(input, 'IsOrganizationTrail') ? organizationPermissions(context) : []),
  ],
  handle(context, input) {
    const { estate, account, region } = context;
    const name = neededString(input, 'Name', 'InvalidTrailNameException');
    const problem = nameProblem(name);
    if (problem) throw new AwsError('InvalidTrailNameException', problem);
    const organization = flagIn(input, 'IsOrganizationTrail') ?? false;
    const owner = organization ? checkOrganization(context) : account;
    if (trailsOf(owner).some((trail) => trail.name === name && trail.homeRegion === region)) {
      throw new AwsError('TrailAlreadyExistsException', `Trail ${name} already exists for customer: ${owner.id}`);
    }
    const trail = withSettings(context, blankTrail(context, owner, name), input);
    checkRoom(estate, owner, trail);
    checkPrerequisites(estate, trail);
    regionOf(owner, region).trails.set(name, trail);
    return settingsOf(trail);
  },
};

export const updateTrail: Operation = {
  quota: WRITE,
  permissions(context, input) {
    const name = stringIn(input, 'Name') ?? '';
    const organization = flagIn(input, 'IsOrganizationTrail') || changesOrganizationTrail(context, name);
    return [
      { action: 'cloudtrail:UpdateTrail', resource: arnAsked(context, name) },
      ...passRole(input),
      ...(organization ? organizationPermissions(context) : []),
    ];
  },
  handle(context, input) {
    const { estate, account } = context;
    const trail = trailToChange(context, input, 'Name');
    const wanted = withSettings(context, trail, input);
    if (wanted.organization !== trail.organization) {
      if (estate.organization?.managementAccountId !== account.id) {
        throw new AwsError(
          'NotOrganizationMasterAccountException',
          'Only the management account can turn a trail into an organization trail or back.',
        );
      }
      checkOrganization(context);
    }
    checkRoom(estate, account, wanted);
    checkPrerequisites(estate, wanted);
    Object.assign(trail, wanted);
    return settingsOf(trail);
  },
};

function changesOrganizationTrail({ estate, account, region }: RequestContext, asked: string): boolean {
  return trailsIn(estate, account, region).some(
    (trail) => trail.organization && (trail.arn === asked || trail.name === asked),
  );
}

/** Handing a role to a service is a permission of its own. */
function passRole(input: Input): Permission[] {
  const role = stringIn(input, 'CloudWatchLogsRoleArn');
  if (!role) return [];
  return [{ action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': 'cloudtrail.amazonaws.com' } }];
}

function blankTrail({ estate, region }: RequestContext, owner: Account, name: string): Trail {
  return {
    name,
    arn: `arn:${estate.partition}:cloudtrail:${region}:${owner.id}:trail/${name}`,
    homeRegion: region,
    bucket: '',
    prefix: undefined,
    topicArn: undefined,
    multiRegion: false,
    globalEvents: true,
    validation: false,
    organization: false,
    kmsKeyId: undefined,
    logGroupArn: undefined,
    logRoleArn: undefined,
    eventSelectors: undefined,
    advancedEventSelectors: undefined,
    insightSelectors: [],
    // CreateTrail does not start logging.
    logging: false,
    createdAt: estate.now(),
    startedAt: undefined,
    stoppedAt: undefined,
    tags: {},
    deliveryErrors: new Map(),
    lastDelivery: new Map(),
  };
}

/** The trail with what the request names changed: an absent member keeps its value, an empty text clears it. */
function withSettings(context: RequestContext, trail: Trail, input: Input): Trail {
  const text = (member: string, kept: string | undefined) => {
    const value = stringIn(input, member);
    return value === undefined ? kept : value || undefined;
  };
  const wanted: Trail = {
    ...trail,
    bucket: bucketAsked(input) ?? trail.bucket,
    prefix: text('S3KeyPrefix', trail.prefix),
    topicArn: topicAsked(context, text('SnsTopicName', trail.topicArn)),
    multiRegion: flagIn(input, 'IsMultiRegionTrail') ?? trail.multiRegion,
    globalEvents: flagIn(input, 'IncludeGlobalServiceEvents') ?? trail.globalEvents,
    validation: flagIn(input, 'EnableLogFileValidation') ?? trail.validation,
    organization: flagIn(input, 'IsOrganizationTrail') ?? trail.organization,
    kmsKeyId: keyAsked(context, text('KmsKeyId', trail.kmsKeyId)),
    logGroupArn: text('CloudWatchLogsLogGroupArn', trail.logGroupArn),
    logRoleArn: text('CloudWatchLogsRoleArn', trail.logRoleArn),
    tags: input.TagsList === undefined ? trail.tags : tagsAsked(input),
  };
  if (wanted.bucket === '') throw new AwsError('InvalidS3BucketNameException', 'Bucket name cannot be blank!');
  if ((wanted.prefix ?? '').length > 200) throw new AwsError('InvalidS3PrefixException', 'The prefix is too long.');
  if (wanted.multiRegion && !wanted.globalEvents) {
    throw new AwsError(
      'InvalidParameterCombinationException',
      'A multi-Region trail must include global service events.',
    );
  }
  return wanted;
}

function bucketAsked(input: Input): string | undefined {
  const name = stringIn(input, 'S3BucketName');
  if (name !== undefined && !/^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/.test(name)) {
    throw new AwsError('InvalidS3BucketNameException', `Bucket name ${name} is not valid.`);
  }
  return name;
}

function topicAsked({ estate, account, region }: RequestContext, asked: string | undefined): string | undefined {
  if (asked === undefined || asked.startsWith('arn:')) return asked;
  if (!/^[\w-]{1,256}$/.test(asked))
    throw new AwsError('InvalidSnsTopicNameException', `${asked} is not a topic name.`);
  return `arn:${estate.partition}:sns:${region}:${account.id}:${asked}`;
}

/** A key by ARN, id, alias or alias ARN, as the key ARN that trails keep. */
export function keyAsked({ estate, account, region }: RequestContext, asked: string | undefined): string | undefined {
  if (asked === undefined || /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/.test(asked)) return asked;
  const own = asked.startsWith('arn:') ? asked : `arn:${estate.partition}:kms:${region}:${account.id}:${asked}`;
  const match = /^arn:[\w-]+:kms:([\w-]+):(\d{12}):(?:(alias\/.+)|([\w-]+))$/.exec(own);
  if (!match) throw new AwsError('InvalidKmsKeyIdException', `KMS key id ${asked} is not valid.`);
  const [, home = '', owner = '', alias, id] = match;
  const holder = estate.accounts.get(owner)?.regional.get(home);
  const key = holder?.keys.get(id ?? holder.aliases.get(alias ?? '') ?? '');
  if (!key) throw new AwsError('KmsKeyNotFoundException', `KMS key ${asked} does not exist.`);
  return key.arn;
}

/** Five trails a region; the shadows of a multi-region trail count in every other region. */
function checkRoom(estate: Estate, account: Account, trail: Trail): void {
  const regions = trail.multiRegion ? account.enabledRegions : [trail.homeRegion];
  const full = regions.find(
    (region) =>
      trailsIn(estate, account, region).filter((other) => other.arn !== trail.arn).length >= TRAILS_PER_REGION,
  );
  if (full !== undefined) {
    throw new AwsError(
      'MaximumNumberOfTrailsExceededException',
      `User: ${account.id} already has ${TRAILS_PER_REGION} trails in ${full}.`,
    );
  }
}
