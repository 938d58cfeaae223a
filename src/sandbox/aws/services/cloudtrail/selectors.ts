/** Event selectors as PutEventSelectors takes them: what is allowed, and how AWS hands them back. */
import { isRecord, recordsIn, stringIn, stringsIn } from '../../input.ts';
import { AwsError, type Input, type Json, type Output, type Trail } from '../../types.ts';
import { flagIn, jsonOf } from '../members.ts';
import { advancedSelectors } from './advanced-selectors.ts';
import { invalidSelectors, refuseUnknown } from './selector-errors.ts';

/** What a trail records before anyone said otherwise: all management events, no data events. */
const DEFAULT_SELECTOR: Json = {
  ReadWriteType: 'All',
  IncludeManagementEvents: true,
  DataResources: [],
  ExcludeManagementEventSources: [],
};

const MAX_SELECTORS = 5;
const MAX_DATA_RESOURCES = 250;

/** The one kind of selectors a trail has. */
export function selectorsOf(trail: Trail): Output {
  return trail.advancedEventSelectors === undefined
    ? { EventSelectors: trail.eventSelectors ?? [DEFAULT_SELECTOR] }
    : { AdvancedEventSelectors: trail.advancedEventSelectors };
}

export type Selectors = Pick<Trail, 'eventSelectors' | 'advancedEventSelectors'>;

/** The complete set that a request puts in place. Throws what AWS answers to a wrong one. */
export function selectorsIn(input: Input): Selectors {
  const basic = input.EventSelectors === undefined ? undefined : recordsIn(input, 'EventSelectors');
  const advanced = input.AdvancedEventSelectors === undefined ? undefined : recordsIn(input, 'AdvancedEventSelectors');
  if ((basic === undefined) === (advanced === undefined)) {
    throw new AwsError(
      'InvalidParameterCombinationException',
      'Give either EventSelectors or AdvancedEventSelectors, not both and not neither.',
    );
  }
  return basic
    ? { eventSelectors: basicSelectors(basic), advancedEventSelectors: undefined }
    : { eventSelectors: undefined, advancedEventSelectors: advancedSelectors(advanced ?? []) };
}

function basicSelectors(selectors: Input[]): Json[] {
  if (selectors.length < 1 || selectors.length > MAX_SELECTORS) {
    throw invalidSelectors(`A trail has 1 to ${MAX_SELECTORS} event selectors, not ${selectors.length}.`);
  }
  const resources = selectors.flatMap((selector) =>
    recordsIn(selector, 'DataResources').flatMap((resource) => stringsIn(resource, 'Values')),
  );
  if (resources.length > MAX_DATA_RESOURCES) {
    throw invalidSelectors(`A trail has at most ${MAX_DATA_RESOURCES} data resources, not ${resources.length}.`);
  }
  return selectors.map(basicSelector);
}

function basicSelector(selector: Input): Json {
  refuseUnknown(selector, [
    'ReadWriteType',
    'IncludeManagementEvents',
    'DataResources',
    'ExcludeManagementEventSources',
  ]);
  const type = stringIn(selector, 'ReadWriteType') ?? 'All';
  if (!['All', 'ReadOnly', 'WriteOnly'].includes(type)) throw invalidSelectors(`ReadWriteType ${type} is not valid.`);
  const management = flagIn(selector, 'IncludeManagementEvents') ?? true;
  const excluded = stringsIn(selector, 'ExcludeManagementEventSources');
  if (!excluded.every((source) => ['kms.amazonaws.com', 'rdsdata.amazonaws.com'].includes(source))) {
    throw invalidSelectors(`ExcludeManagementEventSources ${excluded.join(', ')} is not valid.`);
  }
  if (excluded.length > 0 && !management) {
    throw invalidSelectors('ExcludeManagementEventSources needs IncludeManagementEvents.');
  }
  const resources = recordsIn(selector, 'DataResources');
  if (!management && resources.length === 0) {
    throw invalidSelectors('An event selector records management events or data events, or both.');
  }
  for (const resource of resources) checkDataResource(resource);
  return {
    ReadWriteType: type,
    IncludeManagementEvents: management,
    DataResources: resources.map(jsonOf),
    ExcludeManagementEventSources: excluded,
  };
}

/**
 * ARN forms of each type. Wildcards are refused: all buckets are `arn:aws:s3`, one bucket `arn:aws:s3:::name/`.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html
 */
const DATA_RESOURCES: Record<string, RegExp> = {
  'AWS::S3::Object': /^arn:[\w-]+:s3(:::([a-z\d.-]+\/[^*]*)?)?$/,
  'AWS::Lambda::Function': /^arn:[\w-]+:lambda(:[\w-]+:\d{12}:function:[\w-]+)?$/,
  'AWS::DynamoDB::Table': /^arn:[\w-]+:dynamodb(:[\w-]+:\d{12}:table\/[\w.-]+)?$/,
};

function checkDataResource(resource: Input): void {
  refuseUnknown(resource, ['Type', 'Values']);
  const type = stringIn(resource, 'Type') ?? '';
  const form = Object.hasOwn(DATA_RESOURCES, type) ? DATA_RESOURCES[type] : undefined;
  if (!form) throw invalidSelectors(`The DataResources type ${type} is not valid.`);
  for (const value of stringsIn(resource, 'Values')) {
    if (!form.test(value)) throw invalidSelectors(`Value ${value} for DataResources.Values is invalid.`);
  }
}

/** True when the trail records write management events, which the call-rate insight is computed from. */
export function recordsManagementWrites(trail: Trail): boolean {
  const { advancedEventSelectors: advanced, eventSelectors: basic } = trail;
  if (advanced) return advanced.some((selector) => isRecord(selector) && recordsWrites(selector));
  return (basic ?? [DEFAULT_SELECTOR]).some(
    (selector) =>
      isRecord(selector) && selector.IncludeManagementEvents === true && selector.ReadWriteType !== 'ReadOnly',
  );
}

function recordsWrites(selector: Input): boolean {
  const equals = (field: string) =>
    recordsIn(selector, 'FieldSelectors').flatMap((one) => (one.Field === field ? stringsIn(one, 'Equals') : []));
  const readOnly = equals('readOnly');
  return equals('eventCategory').includes('Management') && (readOnly.length === 0 || readOnly.includes('false'));
}
