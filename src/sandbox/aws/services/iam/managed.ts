/** Managed policies and their versions: AWS's, which nobody can change, and the account's own. */
import { neededString } from '../../input.ts';
import { attachedPolicy } from '../../managed-policies.ts';
import { parsePolicy } from '../../policy-document.ts';
import {
  type Account,
  AwsError,
  type Input,
  type ManagedPolicy,
  type Operation,
  type Output,
  type Permission,
  type RequestContext,
} from '../../types.ts';
import { flagIn } from '../members.ts';
import { encodedDocument, entitiesOf, noSuchEntity } from './entities.ts';
import { iamPage } from './paging.ts';

const read = { class: 'read', perSecond: 20 };
const write = { class: 'write', perSecond: 10 };
const MOST_VERSIONS = 5;
const LONGEST = 6144;

/** When AWS last touched its own policies, as far as the simulator is concerned. */
const AWS_DATE = new Date('2022-06-14T00:00:00Z');

/** A policy of the account, or one of AWS's in the same shape (one version); undefined for one that does not exist. */
export function managedPolicyOf(account: Account, policyArn: string): ManagedPolicy | undefined {
  const own = account.managedPolicies.get(policyArn);
  const document = attachedPolicy(account, policyArn);
  if (own || !document) return own;
  const [, path = '/', name = ''] = /:policy(\/.*?)([^/]+)$/.exec(policyArn) ?? [];
  const id = `ANPA${Buffer.from(name).toString('hex').slice(0, 17).padEnd(17, '0').toUpperCase()}`;
  const versions = new Map([['v1', { document, createdAt: AWS_DATE }]]);
  return { name, path, id, arn: policyArn, createdAt: AWS_DATE, versions, defaultVersion: 'v1' };
}

export function describePolicy(account: Account, policy: ManagedPolicy): Output {
  const entities = [...entitiesOf(account, 'Role').values()]
    .concat([...entitiesOf(account, 'User').values()])
    .concat([...entitiesOf(account, 'Group').values()]);
  const bounded = entities.filter((entity) => 'boundary' in entity && entity.boundary === policy.arn);
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: entities.filter((entity) => entity.attached.has(policy.arn)).length,
    PermissionsBoundaryUsageCount: bounded.length,
    IsAttachable: true,
    CreateDate: policy.createdAt,
    UpdateDate: policy.versions.get(policy.defaultVersion)?.createdAt ?? policy.createdAt,
  };
}

export function describeVersion(policy: ManagedPolicy, id: string, full: boolean): Output {
  const version = policy.versions.get(id);
  if (!version) throw noSuchEntity(`Policy ${policy.arn} version ${id}`);
  return {
    Document: full ? encodedDocument(version.document) : undefined,
    VersionId: id,
    IsDefaultVersion: id === policy.defaultVersion,
    CreateDate: version.createdAt,
  };
}

const policyArn = (input: Input) => neededString(input, 'PolicyArn', 'ValidationError');

function neededPolicy({ account }: RequestContext, input: Input): ManagedPolicy {
  const policy = managedPolicyOf(account, policyArn(input));
  if (!policy) throw noSuchEntity(`Policy ${policyArn(input)}`);
  return policy;
}

function ownPolicy(context: RequestContext, input: Input): ManagedPolicy {
  const policy = context.account.managedPolicies.get(neededPolicy(context, input).arn);
  if (!policy) throw new AwsError('AccessDenied', `${policyArn(input)} belongs to AWS.`, 403);
  return policy;
}

const on =
  (action: string) =>
  (_context: RequestContext, input: Input): Permission[] => [{ action: `iam:${action}`, resource: policyArn(input) }];

function checkedDocument(input: Input) {
  const text = neededString(input, 'PolicyDocument', 'ValidationError');
  const document = parsePolicy(text);
  if (JSON.stringify(document).length > LONGEST) {
    throw new AwsError('LimitExceeded', `Cannot exceed quota for PolicySize: ${LONGEST}`, 409);
  }
  if (document.Statement.some((statement) => statement.Principal !== undefined)) {
    throw new AwsError('MalformedPolicyDocument', 'Policy document should not specify a principal.');
  }
  return document;
}

/** Versions are counted on for ever: v3 stays v3 when v2 is gone. */
function nextVersion(policy: ManagedPolicy): string {
  return `v${Math.max(...[...policy.versions.keys()].map((id) => Number(id.slice(1)))) + 1}`;
}

export const managedPolicyOperations: Record<string, Operation> = {
  GetPolicy: {
    quota: read,
    permissions: on('GetPolicy'),
    handle: (context, input) => ({ Policy: describePolicy(context.account, neededPolicy(context, input)) }),
  },
  GetPolicyVersion: {
    quota: read,
    permissions: on('GetPolicyVersion'),
    handle: (context, input) => ({
      PolicyVersion: describeVersion(
        neededPolicy(context, input),
        neededString(input, 'VersionId', 'ValidationError'),
        true,
      ),
    }),
  },
  ListPolicyVersions: {
    quota: read,
    permissions: on('ListPolicyVersions'),
    handle(context, input) {
      const policy = neededPolicy(context, input);
      const { items, marker } = iamPage([...policy.versions.keys()].toReversed(), input);
      return { Versions: items.map((id) => describeVersion(policy, id, false)), ...marker };
    },
  },
  CreatePolicyVersion: {
    quota: write,
    permissions: on('CreatePolicyVersion'),
    handle(context, input) {
      const policy = ownPolicy(context, input);
      const document = checkedDocument(input);
      if (policy.versions.size >= MOST_VERSIONS) {
        throw new AwsError('LimitExceeded', `A managed policy can have up to ${MOST_VERSIONS} versions.`, 409);
      }
      const id = nextVersion(policy);
      policy.versions.set(id, { document, createdAt: context.estate.now() });
      if (flagIn(input, 'SetAsDefault') === true) policy.defaultVersion = id;
      return { PolicyVersion: describeVersion(policy, id, false) };
    },
  },
  SetDefaultPolicyVersion: {
    quota: write,
    permissions: on('SetDefaultPolicyVersion'),
    handle(context, input) {
      const policy = ownPolicy(context, input);
      const id = neededString(input, 'VersionId', 'ValidationError');
      describeVersion(policy, id, false);
      policy.defaultVersion = id;
      return {};
    },
  },
};
