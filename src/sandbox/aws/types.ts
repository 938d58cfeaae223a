/**
 * What the simulated AWS is made of: the state of an estate, and the shape of a service.
 * Times are Dates; documents (policies, selectors) are kept as AWS would hand them back.
 */
import type { Credential, PolicyDocument } from './state/identity.ts';
import type { Account, Organization } from './state/organization.ts';
import type { Bucket } from './state/trail.ts';

export type * from './state/identity.ts';
export type * from './state/organization.ts';
export type * from './state/trail.ts';
export type * from './state/watch.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * A parsed request: member names as the API model writes them (`TrailName`, `includeShadowTrails`).
 * AwsQuery services (STS, IAM, SNS) get every scalar as a string; lists are arrays, maps are plain objects.
 */
export type Input = { [member: string]: unknown };
/**
 * What an operation answers. A Date is written as the protocol wants it (epoch seconds in JSON, ISO 8601 in XML),
 * undefined members are left out, a `Map` is an AWS map (`<entry><key/><value/></entry>` in AwsQuery).
 */
export type Output = { [member: string]: unknown };

export interface Estate {
  partition: string;
  /** All regions of the partition. */
  regions: string[];
  /** Those an account gets without opting in. */
  defaultRegions: string[];
  now: () => Date;
  organization: Organization | undefined;
  accounts: Map<string, Account>;
  /** Bucket names are global: one map for the whole partition. */
  buckets: Map<string, Bucket>;
  /** Long-term access keys and the sessions that AssumeRole handed out, by access key id. */
  credentials: Map<string, Credential>;
  /** Every call that reached the simulator, oldest first; tests and the demo read it. */
  calls: RecordedCall[];
  knobs: Knobs;
}

export interface RecordedCall {
  at: Date;
  service: string;
  operation: string;
  account: string;
  region: string;
  /** ARN of the caller. */
  caller: string;
  sourceIdentity: string | undefined;
  requestId: string;
  input: Input;
  /** The IAM actions that it takes, as far as it came to that. */
  actions: string[];
  /** Why the policies did not let it through, in AWS's words. */
  refusal: string | undefined;
  /** Undefined when it worked. */
  error: string | undefined;
}

export interface Knobs {
  /** Added to every answer, milliseconds. */
  latencyMs: number;
  /** Answer ThrottlingException beyond AWS's own quotas (per account, region and API class). */
  throttling: boolean;
  /** Actions that are refused: `{account or '*', action pattern like 'cloudtrail:Get*'}`. */
  denied: { account: string; action: string; region?: string; scp?: boolean }[];
  /**
   * The next n requests (of a service by its signing name, or of any) answer 503, or have their connection dropped:
   * before anything is done (`drop`), or after it is done and before the answer (`drop-answer`).
   */
  faults: { service?: string; operation?: string; kind: 'http503' | 'drop' | 'drop-answer'; remaining: number }[];
}

/** Who asks, with what, where. */
export interface RequestContext {
  estate: Estate;
  /** The caller's account. */
  account: Account;
  region: string;
  credential: Credential;
  requestId: string;
}

/** What a caller must be allowed to do for one call; more than one where AWS asks for dependent actions. */
export interface Permission {
  action: string;
  resource: string;
  /** Extra condition keys beside the global ones (`kms:ViaService`, `iam:PassedToService`). */
  context?: Record<string, string | string[]>;
  /** The policy on the resource, and who owns it; it may grant or deny by itself (S3, KMS, SNS). */
  resourcePolicy?: { document: PolicyDocument | undefined; owner: string };
}

export interface Operation {
  /** May throw an AwsError, for a resource that does not exist or a member that is missing. */
  permissions(context: RequestContext, input: Input): Permission[];
  handle(context: RequestContext, input: Input): Output;
  /** For throttling by AWS's quotas: per account and region. */
  quota?: { class: string; perSecond: number };
}

export type Protocol = 'json-1.0' | 'json-1.1' | 'query' | 'rest-xml' | 'rest-json';

/** A request as it came over the wire, before a REST service says which operation it is. */
export interface HttpRequest {
  method: string;
  /** Path without the query, percent-encoding as sent; a virtual-hosted bucket is already put in front of it. */
  path: string;
  query: URLSearchParams;
  /** Lower-case names; repeated headers joined by ", ". */
  headers: Record<string, string>;
  /** Without aws-chunked framing. */
  body: Buffer;
  host: string;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** How a REST service finds the operation in a request, and writes its answer. */
export interface RestBinding {
  /** Throws an AwsError when no operation fits. */
  route(request: HttpRequest): { operation: string; input: Input };
  render(operation: string, output: Output): HttpResponse;
}

export interface Service {
  /** Signing name, as it stands in the credential scope (`cloudtrail`, `monitoring`). */
  signingName: string;
  protocol: Protocol;
  operations: Record<string, Operation>;
  /** REST services only. */
  rest?: RestBinding;
  /** AwsQuery services only: the XML namespace of answers. */
  xmlNamespace?: string;
}

/** An error AWS would answer with; the protocol layer writes it in the service's own form. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  constructor(code: string, message: string, status = 400, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}
