/** AssumeRole: what it asks of the caller, of the role's trust policy, and the limits of a session. */
import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { arn } from '../arn.ts';
import { neededString, recordsIn, stringIn, stringsIn, tagsIn } from '../input.ts';
import { attachablePolicy } from '../managed-policies.ts';
import { parsePolicy } from '../policy-document.ts';
import {
  type Account,
  AwsError,
  type Credential,
  type Input,
  type Operation,
  type Permission,
  type PolicyDocument,
  type RequestContext,
  type Role,
} from '../types.ts';

/** AWS packs policies and tags into a binary form of unpublished size; deflated bytes over this come close. */
const PACKED_LIMIT_BYTES = 1200;
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;

export const assumeRole: Operation = {
  quota: { class: 'AssumeRole', perSecond: 500 },
  permissions(context, input) {
    validated(context, input);
    const { roleArn, account, role } = target(context, input);
    const tags = requestTags(context, input);
    const sourceIdentity = stringIn(input, 'SourceIdentity') ?? context.credential.sourceIdentity;
    const request: Record<string, string | string[]> = {
      'sts:RoleSessionName': neededString(input, 'RoleSessionName', 'ValidationError'),
      ...optional('sts:ExternalId', stringIn(input, 'ExternalId')),
      ...optional('sts:SourceIdentity', sourceIdentity),
      ...(Object.keys(tags).length > 0 ? { 'aws:TagKeys': Object.keys(tags) } : {}),
      ...optionalList('sts:TransitiveTagKeys', stringsIn(input, 'TransitiveTagKeys')),
      ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    };
    const need = (action: string): Permission => ({
      action,
      resource: roleArn,
      context: request,
      resourcePolicy: { document: role?.trust, owner: account?.id ?? '' },
    });
    return [
      need('sts:AssumeRole'),
      ...(Object.keys(tags).length > 0 ? [need('sts:TagSession')] : []),
      ...(sourceIdentity !== undefined ? [need('sts:SetSourceIdentity')] : []),
    ];
  },
  handle(context, input) {
    const { account, role, roleArn } = target(context, input);
    if (!account || !role) throw notAuthorized(context, roleArn);
    const session = validated(context, input);
    const credential = issue(context, account, role, session);
    context.estate.credentials.set(credential.accessKeyId, credential);
    role.lastUsedAt = context.estate.now();
    return {
      Credentials: {
        AccessKeyId: credential.accessKeyId,
        SecretAccessKey: credential.secretAccessKey,
        SessionToken: credential.sessionToken,
        Expiration: credential.expiresAt,
      },
      AssumedRoleUser: { AssumedRoleId: `${role.id}:${session.name}`, Arn: credential.arn },
      PackedPolicySize: session.packed,
      SourceIdentity: credential.sourceIdentity,
    };
  },
};

interface Session {
  name: string;
  seconds: number;
  policies: PolicyDocument[];
  packed: number | undefined;
  tags: Record<string, string>;
  transitive: string[];
  sourceIdentity: string | undefined;
}

/** AWS does not tell a role that is missing from one that may not be assumed. */
function target(context: RequestContext, input: Input): { roleArn: string; account?: Account; role?: Role } {
  const roleArn = neededString(input, 'RoleArn', 'ValidationError');
  const [, accountId = '', path = ''] = /^arn:[\w-]+:iam::(\d{12}):role\/(.+)$/.exec(roleArn) ?? [];
  if (path === '') throw validation(`${roleArn} is invalid`);
  const account = context.estate.accounts.get(accountId);
  const role = account?.roles.get(path.slice(path.lastIndexOf('/') + 1));
  if (!account || !role || account.state !== 'ACTIVE' || `/${path}` !== `${role.path}${role.name}`) return { roleArn };
  return { roleArn, account, role };
}

/** Tags of this call and those inherited from the sessions before it. */
function requestTags({ credential }: RequestContext, input: Input): Record<string, string> {
  const inherited = (credential.transitiveTags ?? []).map((key) => [key, credential.sessionTags[key] ?? '']);
  return { ...tagsIn(input), ...Object.fromEntries(inherited) };
}

function validated(context: RequestContext, input: Input): Session {
  const { credential } = context;
  const name = neededString(input, 'RoleSessionName', 'ValidationError');
  if (!SESSION_NAME.test(name))
    throw validation(`Value '${name}' at 'roleSessionName' failed to satisfy constraint: [\\w+=,.@-]{2,64}`);
  const externalId = stringIn(input, 'ExternalId');
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) {
    throw validation(`Value '${externalId}' at 'externalId' failed to satisfy constraint: [\\w+=,.@:/-]{2,1224}`);
  }
  const chained = credential.sessionToken !== undefined;
  const seconds = Number(stringIn(input, 'DurationSeconds') ?? 3600);
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43200) {
    throw validation(`Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: between 900 and 43200`);
  }
  if (chained && seconds > 3600) {
    throw validation(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  return { name, seconds, sourceIdentity: sourceIdentityOf(context, input), ...policiesAndTags(context, input) };
}

function sourceIdentityOf({ credential }: RequestContext, input: Input): string | undefined {
  const wanted = stringIn(input, 'SourceIdentity');
  if (wanted !== undefined && (!SESSION_NAME.test(wanted) || wanted.startsWith('aws:'))) {
    throw validation(`Value '${wanted}' at 'sourceIdentity' failed to satisfy constraint: [\\w+=,.@-]{2,64}`);
  }
  if (wanted !== undefined && credential.sourceIdentity !== undefined && wanted !== credential.sourceIdentity) {
    throw new AwsError('AccessDenied', 'The source identity of a session cannot be changed in a role chain.', 403);
  }
  return wanted ?? credential.sourceIdentity;
}

function policiesAndTags(
  context: RequestContext,
  input: Input,
): Pick<Session, 'policies' | 'packed' | 'tags' | 'transitive'> {
  const inline = stringIn(input, 'Policy');
  const managed = recordsIn(input, 'PolicyArns').map((entry) => String(entry.arn));
  if (managed.length > 10) throw validation('policyArns must have at most 10 members');
  if (inline !== undefined && !/^[\t\n\r\u0020-\u00ff]+$/.test(inline)) {
    throw validation("Value at 'policy' failed to satisfy constraint: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+");
  }
  if ((inline?.length ?? 0) + managed.join('').length > 2048) {
    throw validation(
      "Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to 2048",
    );
  }
  const tags = requestTags(context, input);
  validateTags(tags);
  const transitive = [
    ...new Set([...(context.credential.transitiveTags ?? []), ...stringsIn(input, 'TransitiveTagKeys')]),
  ];
  const policies = managed.map((policyArn) => {
    const document = attachablePolicy(target(context, input).account ?? context.account, policyArn);
    if (!document)
      throw new AwsError('MalformedPolicyDocument', `Policy ${policyArn} does not exist or is not attachable.`);
    return document;
  });
  if (inline !== undefined) policies.push(parsePolicy(inline));
  const used = inline !== undefined || managed.length > 0 || Object.keys(tags).length > 0;
  if (!used) return { policies, packed: undefined, tags, transitive };
  const bytes = deflateRawSync(JSON.stringify([inline ?? '', managed, tags])).length;
  const packed = Math.ceil((bytes / PACKED_LIMIT_BYTES) * 100);
  if (packed > 100) {
    throw new AwsError('PackedPolicyTooLarge', `Packed size of session tags consumes ${packed}% of allotted space.`);
  }
  return { policies, packed, tags, transitive };
}

function validateTags(tags: Record<string, string>): void {
  const entries = Object.entries(tags);
  if (entries.length > 50) throw validation('tags must have at most 50 members');
  for (const [key, value] of entries) {
    const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
    if (key.length < 1 || key.length > 128 || value.length > 256 || !allowed.test(key) || !allowed.test(value)) {
      throw validation(
        `Tag ${key} fails to satisfy constraint: key 1 to 128, value 0 to 256 of letters, numbers and _.:/=+-@`,
      );
    }
  }
}

function issue({ estate }: RequestContext, account: Account, role: Role, session: Session): Credential {
  return {
    accessKeyId: `ASIA${randomBytes(10).toString('hex').slice(0, 16).toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: randomBytes(96).toString('base64'),
    accountId: account.id,
    principal: { kind: 'role', name: role.name },
    // The path of the role is not part of the session's ARN.
    arn: arn(estate, 'sts', '', account.id, `assumed-role/${role.name}/${session.name}`),
    sessionName: session.name,
    sessionPolicies: session.policies,
    sourceIdentity: session.sourceIdentity,
    sessionTags: session.tags,
    transitiveTags: session.transitive,
    expiresAt: new Date(estate.now().getTime() + session.seconds * 1000),
  };
}

function notAuthorized(context: RequestContext, roleArn: string): AwsError {
  const message = `User: ${context.credential.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
  return new AwsError('AccessDenied', message, 403);
}

function validation(message: string): AwsError {
  return new AwsError('ValidationError', `1 validation error detected: ${message}`);
}

function optional(key: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [key]: value };
}

function optionalList(key: string, values: string[]): Record<string, string[]> {
  return values.length === 0 ? {} : { [key]: values };
}
