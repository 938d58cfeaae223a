/** Policies, and those who have them. */

export interface PolicyDocument {
  Version?: string;
  Id?: string;
  Statement: PolicyStatement[];
}

export interface PolicyStatement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Principal?: string | Record<string, string | string[]>;
  NotPrincipal?: string | Record<string, string | string[]>;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, string | string[] | boolean | number>>;
}

export interface Role {
  name: string;
  path: string;
  id: string;
  createdAt: Date;
  trust: PolicyDocument;
  inline: Map<string, PolicyDocument>;
  /** ARNs of attached managed policies. */
  attached: Set<string>;
  boundary: string | undefined;
  lastUsedAt: Date | undefined;
  tags: Record<string, string>;
}

export interface User {
  name: string;
  path: string;
  id: string;
  createdAt: Date;
  inline: Map<string, PolicyDocument>;
  attached: Set<string>;
  boundary: string | undefined;
}

export interface Group {
  name: string;
  path: string;
  id: string;
  createdAt: Date;
  members: Set<string>;
  inline: Map<string, PolicyDocument>;
  attached: Set<string>;
}

export interface ManagedPolicy {
  name: string;
  path: string;
  id: string;
  arn: string;
  createdAt: Date;
  /** By version id (`v1`). */
  versions: Map<string, { document: PolicyDocument; createdAt: Date }>;
  defaultVersion: string;
}

export interface Credential {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string | undefined;
  accountId: string;
  /** IAM user, role, or the account root. */
  principal: { kind: 'user'; name: string } | { kind: 'role'; name: string } | { kind: 'root' };
  /** ARN as STS reports it (for a session, the assumed-role ARN). */
  arn: string;
  sessionName: string | undefined;
  sessionPolicies: PolicyDocument[];
  sourceIdentity: string | undefined;
  sessionTags: Record<string, string>;
  /** Keys of the session tags that go on to the next role in a chain. */
  transitiveTags?: string[];
  expiresAt: Date | undefined;
}
