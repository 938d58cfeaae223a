/** An event as far as its name tells: where it comes from, and whether it is a management event. */
export type KnownEvent =
  | { category: 'Management'; source: string; readOnly: boolean }
  | { category: 'Data'; source: string; readOnly: boolean; resourceType: string };

/** Management events that change something, by source; all that the checks alarm/* wait for by name are here. */
const CHANGES: { readonly [source: string]: string } = {
  'cloudtrail.amazonaws.com': `
    CreateTrail UpdateTrail DeleteTrail StartLogging StopLogging PutEventSelectors PutInsightSelectors
    PutEventConfiguration RegisterOrganizationDelegatedAdmin DeregisterOrganizationDelegatedAdmin
    StopEventDataStoreIngestion UpdateEventDataStore DeleteEventDataStore`,
  'iam.amazonaws.com': `
    DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy PutGroupPolicy PutRolePolicy PutUserPolicy CreatePolicy
    DeletePolicy CreatePolicyVersion DeletePolicyVersion AttachRolePolicy DetachRolePolicy AttachUserPolicy
    DetachUserPolicy AttachGroupPolicy DetachGroupPolicy`,
  'signin.amazonaws.com': 'ConsoleLogin',
  'kms.amazonaws.com': 'DisableKey ScheduleKeyDeletion',
  's3.amazonaws.com': `
    PutBucketAcl PutBucketPolicy PutBucketCors PutBucketLifecycle PutBucketReplication DeleteBucketPolicy
    DeleteBucketCors DeleteBucketLifecycle DeleteBucketReplication`,
  'config.amazonaws.com': 'StopConfigurationRecorder DeleteDeliveryChannel PutDeliveryChannel PutConfigurationRecorder',
  'ec2.amazonaws.com': `
    AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress
    CreateSecurityGroup DeleteSecurityGroup ModifySecurityGroupRules CreateNetworkAcl CreateNetworkAclEntry
    DeleteNetworkAcl DeleteNetworkAclEntry ReplaceNetworkAclEntry ReplaceNetworkAclAssociation CreateCustomerGateway
    DeleteCustomerGateway AttachInternetGateway CreateInternetGateway DeleteInternetGateway DetachInternetGateway
    CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation DeleteRouteTable DeleteRoute
    DisassociateRouteTable CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection
    CreateVpcPeeringConnection DeleteVpcPeeringConnection RejectVpcPeeringConnection AttachClassicLinkVpc
    DetachClassicLinkVpc DisableVpcClassicLink EnableVpcClassicLink RunInstances RebootInstances StartInstances
    StopInstances TerminateInstances`,
  'organizations.amazonaws.com': `
    AcceptHandshake AttachPolicy CreateAccount CreateOrganizationalUnit CreatePolicy DeclineHandshake
    DeleteOrganization DeleteOrganizationalUnit DeletePolicy DetachPolicy DisablePolicyType EnablePolicyType
    InviteAccountToOrganization LeaveOrganization MoveAccount RemoveAccountFromOrganization UpdatePolicy
    UpdateOrganizationalUnit`,
};

/** Data events that people put into filters of their own; a trail records none of them unless it is told to. */
const DATA: readonly { source: string; resourceType: string; read: string; write: string }[] = [
  {
    source: 's3.amazonaws.com',
    resourceType: 'AWS::S3::Object',
    read: 'GetObject HeadObject ListObjects ListObjectVersions GetObjectAcl GetObjectTagging SelectObjectContent',
    write: `PutObject CopyObject DeleteObject DeleteObjects PutObjectAcl PutObjectTagging RestoreObject
      CreateMultipartUpload CompleteMultipartUpload PutObjectRetention PutObjectLegalHold`,
  },
  { source: 'lambda.amazonaws.com', resourceType: 'AWS::Lambda::Function', read: '', write: 'Invoke InvokeExecution' },
  {
    source: 'dynamodb.amazonaws.com',
    resourceType: 'AWS::DynamoDB::Table',
    read: 'GetItem BatchGetItem Query Scan',
    write: 'PutItem UpdateItem DeleteItem BatchWriteItem',
  },
];

const KNOWN = byName();

/** Every event of a name: one name can belong to several services (`CreatePolicy`). Empty for a name not known here. */
export function eventsNamed(name: string): readonly KnownEvent[] {
  return KNOWN.get(name) ?? [];
}

/** All names known here. */
export function knownEventNames(): readonly string[] {
  return [...KNOWN.keys()];
}

function byName(): ReadonlyMap<string, readonly KnownEvent[]> {
  const known = new Map<string, KnownEvent[]>();
  const add = (names: string, event: KnownEvent) => {
    for (const name of names.split(/\s+/).filter((it) => it !== '')) {
      known.set(name, [...(known.get(name) ?? []), event]);
    }
  };
  for (const [source, names] of Object.entries(CHANGES))
    add(names, { category: 'Management', source, readOnly: false });
  for (const { source, resourceType, read, write } of DATA) {
    add(read, { category: 'Data', source, resourceType, readOnly: true });
    add(write, { category: 'Data', source, resourceType, readOnly: false });
  }
  return known;
}
