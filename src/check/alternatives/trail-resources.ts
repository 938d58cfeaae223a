import type { JsonObject } from '../../snapshot/types.ts';
import type { Change } from '../plan.ts';
import type { Body, Resource } from './hcl.ts';
import { nameOf, object, type Renderer, SET_IN_PLACE, text } from './renderer.ts';
import { bodyOf, type Names } from './snake.ts';

const TRAIL_NAMES: Names = {
  Name: undefined,
  TrailName: undefined,
  CloudWatchLogsLogGroupArn: 'cloud_watch_logs_group_arn',
  TagsList: undefined,
};
const SELECTOR_NAMES: Names = {
  ...TRAIL_NAMES,
  EventSelectors: 'event_selector',
  AdvancedEventSelectors: 'advanced_event_selector',
  FieldSelectors: 'field_selector',
  DataResources: 'data_resource',
  InsightSelectors: 'insight_selector',
};
const STORE_NAMES: Names = { ...SELECTOR_NAMES, EventDataStore: undefined };

/** The trail's own resource with some arguments; they belong into the block that has the rest. */
function inTrail(change: Change, body: Body): Resource {
  return { type: 'aws_cloudtrail', name: nameOf(change.resource), comments: [SET_IN_PLACE], body };
}

function inStore(change: Change, body: Body): Resource {
  const name = nameOf(change.resource);
  return { type: 'aws_cloudtrail_event_data_store', name, comments: [SET_IN_PLACE], body };
}

function tags({ TagsList }: JsonObject): { [key: string]: string } {
  const list = Array.isArray(TagsList) ? TagsList : [];
  return Object.fromEntries(
    list.map((tag) => {
      const { Key = '', Value = '' } = typeof tag === 'object' && tag !== null && !Array.isArray(tag) ? tag : {};
      return [String(Key), String(Value)];
    }),
  );
}

/** Trails and event data stores of CloudTrail. */
export const trails: { readonly [operation: string]: Renderer } = {
  'cloudtrail:CreateTrail': (change) => ({
    type: 'aws_cloudtrail',
    name: text(change, 'Name'),
    body: bodyOf(change.input),
  }),
  'cloudtrail:UpdateTrail': (change) => inTrail(change, bodyOf(change.input, TRAIL_NAMES)),
  'cloudtrail:StartLogging': (change) => inTrail(change, { arguments: { enable_logging: true } }),
  'cloudtrail:PutEventSelectors': (change) => inTrail(change, bodyOf(change.input, SELECTOR_NAMES)),
  'cloudtrail:PutInsightSelectors': (change) =>
    inTrail(change, bodyOf(change.input, { ...SELECTOR_NAMES, EventCategories: undefined })),
  'cloudtrail:AddTags': (change) => inTrail(change, { arguments: { tags: tags(change.input) } }),
  'cloudtrail:UpdateEventDataStore': (change) => inStore(change, bodyOf(change.input, STORE_NAMES)),
  'cloudtrail:StartEventDataStoreIngestion': (change) => inStore(change, { arguments: { suspend: false } }),
  'cloudtrail:RestoreEventDataStore': () => 'Terraform cannot take back a deletion; make this call yourself.',
  'cloudtrail:RegisterOrganizationDelegatedAdmin': (change) => ({
    type: 'aws_cloudtrail_organization_delegated_admin_account',
    name: `cloudtrail ${text(change, 'MemberAccountId')}`,
    body: { arguments: { account_id: text(change, 'MemberAccountId') } },
  }),
  'config:PutConfigRule': (change) => {
    const rule = object(change, 'ConfigRule');
    const name = String(rule.ConfigRuleName ?? nameOf(change.resource));
    return { type: 'aws_config_config_rule', name, body: bodyOf(rule, { ConfigRuleName: 'name' }) };
  },
  'config:PutConfigurationRecorder': (change) => {
    const recorder = object(change, 'ConfigurationRecorder');
    const name = `${String(recorder.name ?? 'default')} ${change.region}`;
    return { type: 'aws_config_configuration_recorder', name, body: bodyOf(recorder, { roleARN: 'role_arn' }) };
  },
  'config:PutDeliveryChannel': (change) => {
    const channel = object(change, 'DeliveryChannel');
    const name = `${String(channel.name ?? 'default')} ${change.region}`;
    const names = {
      s3BucketName: 's3_bucket_name',
      s3KeyPrefix: 's3_key_prefix',
      s3KmsKeyArn: 's3_kms_key_arn',
      snsTopicARN: 'sns_topic_arn',
      configSnapshotDeliveryProperties: 'snapshot_delivery_properties',
    };
    return { type: 'aws_config_delivery_channel', name, body: bodyOf(channel, names) };
  },
  'config:StartConfigurationRecorder': (change) => {
    const name = text(change, 'ConfigurationRecorderName');
    return {
      type: 'aws_config_configuration_recorder_status',
      name: `${name} ${change.region}`,
      body: { arguments: { name, is_enabled: true } },
    };
  },
  'securityhub:EnableSecurityHub': (change) => ({
    type: 'aws_securityhub_account',
    name: `security hub ${change.region}`,
    body: bodyOf(change.input, { Tags: undefined }),
  }),
};
