/** What watches an account: log groups, alarms, topics, AWS Config and Security Hub. */
import type { Input, Json } from '../types.ts';
import type { PolicyDocument } from './identity.ts';

export interface LogGroup {
  name: string;
  arn: string;
  class: 'STANDARD' | 'INFREQUENT_ACCESS' | 'DELIVERY';
  retentionInDays: number | undefined;
  kmsKeyId: string | undefined;
  createdAt: Date;
  filters: Map<string, MetricFilter>;
  deletionProtection: boolean;
  subscriptions: Map<string, SubscriptionFilter>;
  tags: Record<string, string>;
}

export interface MetricFilter {
  filterName: string;
  filterPattern: string;
  metricTransformations: { metricName: string; metricNamespace: string; metricValue: string; defaultValue?: number }[];
  creationTime: number;
}

export interface SubscriptionFilter {
  filterName: string;
  filterPattern: string;
  destinationArn: string;
  roleArn: string | undefined;
  creationTime: number;
}

/** Who may write to log groups of a region, or (with `resourceArn`) to one of them. */
export interface LogResourcePolicy {
  name: string;
  document: PolicyDocument;
  resourceArn: string | undefined;
  updatedAt: Date;
}

/** What an account shares with a monitoring account. */
export interface SharingLink {
  id: string;
  arn: string;
  label: string;
  resourceTypes: string[];
  sinkArn: string;
  /** Which log groups are shared; undefined: all. */
  logGroupFilter: string | undefined;
}

/** An alarm holds its API members as they were put, so that nothing is lost on the way back. */
export interface Alarm {
  name: string;
  arn: string;
  kind: 'metric' | 'composite';
  members: Record<string, Json>;
}

export interface MuteRule {
  name: string;
  arn: string;
  alarmNames: string[];
  startsAt: Date | undefined;
  endsAt: Date | undefined;
}

export interface Topic {
  name: string;
  arn: string;
  policy: PolicyDocument;
  kmsKeyId: string | undefined;
  subscriptions: { arn: string; protocol: string; endpoint: string; confirmed: boolean }[];
  tags: Record<string, string>;
}

export interface ConfigRule {
  name: string;
  arn: string;
  id: string;
  state: 'ACTIVE' | 'DELETING' | 'EVALUATING';
  owner: string;
  identifier: string;
  members: Record<string, Json>;
  lastErrorCode: string | undefined;
  lastEvaluatedAt: Date | undefined;
}

export interface Recorder {
  name: string;
  roleArn: string;
  recording: boolean;
  /** An AWS service that owns it; undefined for the customer's own. */
  servicePrincipal: string | undefined;
  /** As the API has them. */
  recordingGroup: Json;
  recordingMode: Json | undefined;
  lastStatus: 'Pending' | 'Success' | 'Failure';
  lastErrorCode: string | undefined;
  startedAt: Date | undefined;
  stoppedAt: Date | undefined;
}

export interface DeliveryChannel {
  name: string;
  bucket: string;
  prefix: string | undefined;
  kmsKeyArn: string | undefined;
  topicArn: string | undefined;
  /** How often a snapshot is delivered (`TwentyFour_Hours`). */
  frequency: string | undefined;
}

/** Security Hub, where it is on. */
export interface Hub {
  subscribedAt: Date;
  autoEnableControls: boolean;
  /** ARNs of the standards that are enabled. */
  standards: string[];
  /** Findings as they were imported, by their id and product. */
  findings: Map<string, Input>;
}
