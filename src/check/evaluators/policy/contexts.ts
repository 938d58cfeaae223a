import type { Context } from './conditions.ts';

/**
 * The condition keys of a call that an AWS service makes for one of its resources. Such a call has no organization, no
 * network and no ARN of a caller: a policy that asks for them shuts the service out.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function serviceContext(call: {
  readonly service: string;
  /** The resource that the service acts for, a trail for example. */
  readonly sourceArn: string;
  readonly sourceAccount: string;
  /** Of the source account; null outside any organization, undefined if it is not known. */
  readonly organizationId: string | null | undefined;
}): Context {
  const { service, sourceArn, sourceAccount, organizationId } = call;
  return {
    'aws:sourcearn': [sourceArn],
    'aws:sourceaccount': [sourceAccount],
    'aws:sourceorgid': organizationId === undefined ? undefined : organizationId === null ? [] : [organizationId],
    'aws:principalisawsservice': ['true'],
    'aws:principalservicename': [service],
    'aws:principalservicenameslist': [service],
    'aws:principaltype': ['Service'],
    'aws:viaawsservice': ['false'],
    'aws:securetransport': ['true'],
    's3:tlsversion': ['1.2'],
    'aws:principalaccount': [],
    'aws:principalarn': [],
    'aws:principalorgid': [],
    'aws:principalorgpaths': [],
    'aws:referer': [],
    'aws:sourceip': [],
    'aws:sourcevpc': [],
    'aws:sourcevpce': [],
    'aws:userid': [],
    'aws:username': [],
    'aws:vpcsourceip': [],
  };
}

/**
 * A call of CloudTrail for one trail. It always sends the ACL header that gives the owner of the bucket full control;
 * `encryption` is what it asks of S3 for this object (log files with the trail's key, older digests with SSE-S3).
 */
export function cloudTrailContext(call: {
  readonly trailArn: string;
  /** The account of the trail; for an organization trail the management account, for members too. */
  readonly accountId: string;
  readonly organizationId: string | null | undefined;
  readonly encryption: 'AES256' | { readonly keyArn: string };
}): Context {
  const { trailArn, accountId, organizationId, encryption } = call;
  const service = 'cloudtrail.amazonaws.com';
  return {
    ...serviceContext({ service, sourceArn: trailArn, sourceAccount: accountId, organizationId }),
    's3:x-amz-acl': ['bucket-owner-full-control'],
    's3:x-amz-server-side-encryption': [encryption === 'AES256' ? encryption : 'aws:kms'],
    's3:x-amz-server-side-encryption-aws-kms-key-id': encryption === 'AES256' ? [] : [encryption.keyArn],
    's3:x-amz-server-side-encryption-customer-algorithm': [],
    'kms:encryptioncontext:aws:cloudtrail:arn': [trailArn],
  };
}
