import { join } from 'node:path';
import { parse } from '@cdktf/hcl2json';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printResource } from '../../../src/check/alternatives/hcl.ts';
import { TERRAFORM_OPERATIONS, terraformOf } from '../../../src/check/alternatives/terraform.ts';
import type { Change } from '../../../src/check/plan.ts';
import { loadCatalogue } from '../../../src/posture/catalogue.ts';
import type { JsonObject } from '../../../src/snapshot/types.ts';

const ACCOUNT = '111111111111';
const TRAIL = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/audit`;
// biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable of IAM.
const POLICY = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Resource: 'arn:aws:s3:::x/${aws:username}' }] };

function change(operation: string, input: JsonObject, resource = TRAIL): Change {
  const place = { account: ACCOUNT, region: 'us-east-1', resource };
  return { ...place, operation, input, summary: 'What it does.', target: `trail:${TRAIL}`, expect: {}, result: {} };
}

/** What Terraform reads, by type of resource. */
async function read(text: string): Promise<Record<string, unknown>> {
  const { resource } = await parse('plan.tf', text);
  const [[type, named] = []] = Object.entries<Record<string, unknown[]>>(resource ?? {});
  return type === undefined ? {} : { [type]: Object.values(named ?? {})[0]?.[0] };
}

interface Row {
  operation: string;
  input: JsonObject;
  resource?: string;
  expected: object;
}

const ROWS: Row[] = [
  {
    operation: 'cloudtrail:UpdateTrail',
    input: { Name: TRAIL, EnableLogFileValidation: true, CloudWatchLogsLogGroupArn: 'arn:aws:logs:…:*' },
    expected: { aws_cloudtrail: { enable_log_file_validation: true, cloud_watch_logs_group_arn: 'arn:aws:logs:…:*' } },
  },
  {
    operation: 'cloudtrail:CreateTrail',
    input: { Name: 'audit', S3BucketName: 'logs', IsMultiRegionTrail: true },
    expected: { aws_cloudtrail: { name: 'audit', s3_bucket_name: 'logs', is_multi_region_trail: true } },
  },
  {
    operation: 'cloudtrail:PutEventSelectors',
    input: {
      TrailName: TRAIL,
      AdvancedEventSelectors: [
        { Name: 'all', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
        {
          FieldSelectors: [
            { Field: 'eventCategory', Equals: ['Data'] },
            { Field: 'resources.ARN', NotStartsWith: ['arn:aws:s3:::logs/'] },
          ],
        },
      ],
    },
    expected: {
      aws_cloudtrail: {
        advanced_event_selector: [
          { field_selector: [{ field: 'eventCategory', equals: ['Management'] }] },
          {
            field_selector: [
              { field: 'eventCategory', equals: ['Data'] },
              { field: 'resources.ARN', not_starts_with: ['arn:aws:s3:::logs/'] },
            ],
          },
        ],
      },
    },
  },
  {
    operation: 's3:PutBucketPolicy',
    input: { Bucket: 'logs', ExpectedBucketOwner: ACCOUNT, Policy: JSON.stringify(POLICY) },
    expected: {
      aws_s3_bucket_policy: { bucket: 'logs', policy: expect.stringContaining('arn:aws:s3:::x/$${aws:username}') },
    },
  },
  {
    operation: 's3:PutBucketLifecycleConfiguration',
    input: {
      Bucket: 'logs',
      LifecycleConfiguration: {
        Rules: [
          {
            ID: 'age',
            Status: 'Enabled',
            Filter: { And: { Prefix: 'AWSLogs/', Tags: [{ Key: 'kind', Value: 'audit' }] } },
            Expiration: { Days: 400 },
            Transitions: [{ Days: 90, StorageClass: 'GLACIER' }],
          },
          { ID: 'parts', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
        ],
      },
    },
    expected: {
      aws_s3_bucket_lifecycle_configuration: {
        bucket: 'logs',
        rule: [
          {
            id: 'age',
            status: 'Enabled',
            filter: [{ and: [{ prefix: 'AWSLogs/', tags: { kind: 'audit' } }] }],
            expiration: [{ days: 400 }],
            transition: [{ days: 90, storage_class: 'GLACIER' }],
          },
          {
            id: 'parts',
            status: 'Enabled',
            filter: [{}],
            abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
          },
        ],
      },
    },
  },
  {
    operation: 's3:PutBucketEncryption',
    input: {
      Bucket: 'logs',
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'arn:aws:kms:…' },
            BucketKeyEnabled: true,
          },
        ],
      },
    },
    expected: {
      aws_s3_bucket_server_side_encryption_configuration: {
        bucket: 'logs',
        rule: [
          {
            apply_server_side_encryption_by_default: [{ sse_algorithm: 'aws:kms', kms_master_key_id: 'arn:aws:kms:…' }],
            bucket_key_enabled: true,
          },
        ],
      },
    },
  },
  {
    operation: 'cloudwatch:PutMetricAlarm',
    input: {
      AlarmName: 'Trail changes',
      AlarmActions: ['arn:aws:sns:us-east-1:111111111111:alerts'],
      OKActions: [],
      Dimensions: [{ Name: 'Trail', Value: 'audit' }],
      Threshold: 1,
    },
    resource: `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:Trail changes`,
    expected: {
      aws_cloudwatch_metric_alarm: {
        alarm_name: 'Trail changes',
        alarm_actions: ['arn:aws:sns:us-east-1:111111111111:alerts'],
        ok_actions: [],
        dimensions: { Trail: 'audit' },
        threshold: 1,
      },
    },
  },
  {
    operation: 'sns:SetTopicAttributes',
    input: { TopicArn: 'arn:topic', AttributeName: 'KmsMasterKeyId', AttributeValue: 'arn:key' },
    resource: 'arn:aws:sns:us-east-1:111111111111:alerts',
    expected: { aws_sns_topic: { kms_master_key_id: 'arn:key' } },
  },
];

describe('a change as Terraform', () => {
  test.each(ROWS)('$operation sets what the call sets', async ({ operation, input, resource, expected }) => {
    expect(await read(terraformOf(change(operation, input, resource)))).toMatchObject(expected);
  });

  test('is known for every call a fix may make, but for those that take something away', async () => {
    const checks = [...(await loadCatalogue(join(import.meta.dirname, '../../../checks'))).values()];
    const calls = new Set(checks.flatMap(({ fix }) => fix.operations).filter((name) => !TAKES_AWAY.test(name)));
    expect([...calls].filter((name) => !TERRAFORM_OPERATIONS.includes(name))).toEqual([]);
  });

  test('says so in a comment where Terraform has no way to say it', async () => {
    const text = terraformOf(change('kms:CancelKeyDeletion', { KeyId: 'k' }));
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
    expect(text).toContain('make this call yourself');
  });

  test('a summary with a line break stays a comment', () => {
    const hostile = { ...change('cloudtrail:StartLogging', { Name: TRAIL }), summary: 'x\nresource "evil" "x" {}' };
    expect(terraformOf(hostile).split('\n')[0]).toBe(`# Account ${ACCOUNT}, us-east-1: x resource "evil" "x" {}`);
  });
});

/** Undo steps: where a resource is kept in code, taking it back is a revert there. */
const TAKES_AWAY = /:(Delete|Stop|Disable|Remove|Detach|Attach|Disassociate|Deregister|Unsubscribe)/;

describe('printing', () => {
  test('any text is read back as it was, templates and control characters included', async () => {
    const texts = fc.string({
      unit: fc.constantFrom('$', '{', '}', '%', '"', '\\', '\n', '\u0007', '\b', 'a', 'é', '🔥', '\u202e'),
    });
    await fc.assert(
      fc.asyncProperty(texts, async (value) => {
        const printed = printResource({ type: 'aws_x', name: value, body: { arguments: { value, list: [value] } } });
        const { aws_x } = await read(printed);
        const plain = value.replaceAll('${', () => '$${').replaceAll('%{', '%%{');
        expect([value, plain]).toContain((aws_x as { value: string }).value);
      }),
      { numRuns: 100 },
    );
  });

  test('arguments are aligned and blocks follow them', () => {
    const body = { arguments: { a: 1, longer: true }, blocks: [['rule', { arguments: { x: 'y' } }]] as const };
    expect(printResource({ type: 'aws_x', name: '1 Name!', body })).toBe(
      'resource "aws_x" "r_1_name" {\n  a      = 1\n  longer = true\n\n  rule {\n    x = "y"\n  }\n}\n',
    );
  });
});
