/** Which trails an account sees, and what a trail name or ARN in a request stands for. */
import { accountOf } from '../../arn.ts';
import { neededString } from '../../input.ts';
import { type Account, AwsError, type Estate, type Input, type RequestContext, type Trail } from '../../types.ts';

const ARN = /^arn:[\w-]+:cloudtrail:([\w-]+):(\d{12}):trail\/([\w.-]+)$/;

/** All trails of an account, and in a member of the organization the organization's own as well. */
export function trailsSeenBy(estate: Estate, account: Account): Trail[] {
  const own = trailsOf(account);
  return isMember(estate, account) ? [...own, ...organizationTrails(estate)] : own;
}

export function trailsOf(account: Account): Trail[] {
  return [...account.regional.values()].flatMap((region) => [...region.trails.values()]);
}

/** Those seen in one region: homed there, or multi-region trails of other regions as shadows. */
export function trailsIn(estate: Estate, account: Account, region: string): Trail[] {
  return trailsSeenBy(estate, account).filter((trail) => trail.homeRegion === region || trail.multiRegion);
}

function organizationTrails(estate: Estate): Trail[] {
  const management = estate.accounts.get(estate.organization?.managementAccountId ?? '');
  return management ? trailsOf(management).filter((trail) => trail.organization) : [];
}

/** A delegated administrator of CloudTrail. */
export function isTrailAdministrator(estate: Estate, account: Account): boolean {
  return estate.organization?.delegatedAdministrators.get('cloudtrail.amazonaws.com')?.has(account.id) ?? false;
}

function isMember(estate: Estate, account: Account): boolean {
  const management = estate.organization?.managementAccountId;
  return account.parentId !== undefined && management !== undefined && management !== account.id;
}

/**
 * The trail of a reading request. A name means a trail homed in this region and account; shadows, and organization
 * trails in members, are reached by their ARN only.
 */
export function trailToRead(context: RequestContext, input: Input, member: string): Trail {
  const asked = neededString(input, member, 'InvalidTrailNameException');
  const { estate, account, region } = context;
  const trail = asked.startsWith('arn:')
    ? trailsIn(estate, account, region).find((candidate) => candidate.arn === checkedArn(context, asked))
    : trailsOf(account).find((candidate) => candidate.name === checkedName(asked) && candidate.homeRegion === region);
  if (!trail) throw unknownTrail(context, asked);
  return trail;
}

/** The trail of a changing request: in its home region, by its owner or (an organization's) a delegated administrator. */
export function trailToChange(context: RequestContext, input: Input, member: string): Trail {
  const asked = neededString(input, member, 'InvalidTrailNameException');
  const { estate, account, region } = context;
  const seen = trailsSeenBy(estate, account);
  const trail = asked.startsWith('arn:')
    ? seen.find((candidate) => candidate.arn === checkedArn(context, asked))
    : nearest(
        seen.filter((candidate) => candidate.name === checkedName(asked) && owns(account, candidate)),
        region,
      );
  if (!trail) throw unknownTrail(context, asked);
  if (!owns(account, trail) && !isTrailAdministrator(estate, account)) {
    throw new AwsError(
      'NotOrganizationMasterAccountException',
      `Only the management account or a delegated administrator of the organization can change ${trail.arn}.`,
    );
  }
  if (trail.homeRegion !== region) {
    throw new AwsError(
      'InvalidHomeRegionException',
      `Trail ${trail.arn} has home region ${trail.homeRegion} and cannot be changed from ${region}.`,
    );
  }
  return trail;
}

function nearest(trails: Trail[], region: string): Trail | undefined {
  return trails.find((trail) => trail.homeRegion === region) ?? trails.find((trail) => trail.multiRegion);
}

function owns(account: Account, trail: Trail): boolean {
  return accountOf(trail.arn) === account.id;
}

function checkedName(name: string): string {
  const problem = nameProblem(name);
  if (problem) throw new AwsError('InvalidTrailNameException', problem);
  return name;
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html */
export function nameProblem(name: string): string | undefined {
  if (name.length < 3 || name.length > 128) return 'A trail name has 3 to 128 characters.';
  if (!/^[A-Za-z\d][\w.-]*[A-Za-z\d]$/.test(name)) {
    return 'A trail name has letters, digits, periods, underscores and dashes, and begins and ends with a letter or digit.';
  }
  if (/[._-]{2}/.test(name)) return 'A trail name has no two periods, underscores or dashes side by side.';
  return /^\d+\.\d+\.\d+\.\d+$/.test(name) ? 'A trail name is not an IP address.' : undefined;
}

/** Another account's ARN is refused, unless it may be an organization trail's that the caller sees. */
function checkedArn(context: RequestContext, arn: string): string {
  const owner = ARN.exec(arn)?.[2];
  if (owner === undefined) throw new AwsError('CloudTrailARNInvalidException', `${arn} is not the ARN of a trail.`);
  const management = context.estate.organization?.managementAccountId;
  const shared = owner === management && isMember(context.estate, context.account);
  if (owner !== context.account.id && !shared) {
    throw new AwsError('CloudTrailARNInvalidException', `AccountID in ARN ${arn} is wrong.`);
  }
  return arn;
}

function unknownTrail({ account }: RequestContext, asked: string): AwsError {
  return new AwsError('TrailNotFoundException', `Unknown trail: ${asked} for the user: ${account.id}`);
}

/** The ARN that a request's name or ARN stands for when nothing is looked up, as policies see it. */
export function arnAsked({ estate, account, region }: RequestContext, asked: string): string {
  return asked.startsWith('arn:') ? asked : `arn:${estate.partition}:cloudtrail:${region}:${account.id}:trail/${asked}`;
}
