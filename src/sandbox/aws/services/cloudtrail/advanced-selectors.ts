/** The rules of advanced event selectors: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html */
import { recordsIn, stringIn, stringsIn } from '../../input.ts';
import type { Input, Json } from '../../types.ts';
import { jsonOf } from '../members.ts';
import { invalidSelectors, refuseUnknown } from './selector-errors.ts';

const MAX_VALUES = 500;
const OPERATORS = ['Equals', 'StartsWith', 'EndsWith', 'NotEquals', 'NotStartsWith', 'NotEndsWith'];

/** Fields a category knows, and those it cannot do without. */
const CATEGORIES: Record<string, { fields: string[]; required: string[] }> = {
  Management: { fields: ['eventCategory', 'eventSource', 'readOnly'], required: [] },
  Data: {
    fields: [
      'eventCategory',
      'resources.type',
      'resources.ARN',
      'eventName',
      'eventSource',
      'eventType',
      'readOnly',
      'sessionCredentialFromConsole',
      'userIdentity.arn',
    ],
    required: ['resources.type'],
  },
  NetworkActivity: {
    fields: ['eventCategory', 'eventSource', 'eventName', 'errorCode', 'vpcEndpointId', 'userIdentity.arn'],
    required: ['eventSource'],
  },
};

const EQUALS_ONLY = ['eventCategory', 'readOnly', 'resources.type', 'sessionCredentialFromConsole'];

export function advancedSelectors(selectors: Input[]): Json[] {
  if (selectors.length === 0) throw invalidSelectors('At least one advanced event selector is required.');
  const values = selectors.flatMap((selector) => recordsIn(selector, 'FieldSelectors').flatMap(allValues));
  if (values.length > MAX_VALUES) {
    throw invalidSelectors(`A trail has at most ${MAX_VALUES} values in its selectors, not ${values.length}.`);
  }
  for (const selector of selectors) checkSelector(selector);
  return selectors.map(jsonOf);
}

function checkSelector(selector: Input): void {
  refuseUnknown(selector, ['Name', 'FieldSelectors']);
  if ((stringIn(selector, 'Name') ?? '').length > 1000)
    throw invalidSelectors('A selector name has at most 1000 characters.');
  const fields = recordsIn(selector, 'FieldSelectors');
  const names = fields.map((field) => stringIn(field, 'Field') ?? '');
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw invalidSelectors(`The field ${repeated} appears twice in a selector.`);
  const chosen = fields
    .filter((field) => field.Field === 'eventCategory')
    .flatMap((field) => stringsIn(field, 'Equals'));
  const category = chosen[0] ?? '';
  const rules = Object.hasOwn(CATEGORIES, category) ? CATEGORIES[category] : undefined;
  if (!rules || chosen.length !== 1)
    throw invalidSelectors('A selector has one eventCategory that a trail can record.');
  const missing = rules.required.find((name) => !names.includes(name));
  if (missing !== undefined) throw invalidSelectors(`A selector for ${category} events needs the field ${missing}.`);
  for (const field of fields) checkField(category, rules.fields, field);
}

function checkField(category: string, known: string[], field: Input): void {
  refuseUnknown(field, ['Field', ...OPERATORS]);
  const name = stringIn(field, 'Field') ?? '';
  if (!known.includes(name)) throw invalidSelectors(`The field ${name} is not valid for ${category} events.`);
  const operators = OPERATORS.filter((operator) => stringsIn(field, operator).length > 0);
  if (operators.length === 0) throw invalidSelectors(`The field ${name} has no values.`);
  const allowed = allowedOperators(category, name);
  const wrong = operators.find((operator) => !allowed.includes(operator));
  if (wrong !== undefined) throw invalidSelectors(`The operator ${wrong} is not valid for the field ${name}.`);
  for (const value of allValues(field)) checkValue(category, name, value);
  if (name === 'resources.type' && stringsIn(field, 'Equals').length !== 1) {
    throw invalidSelectors('A selector has one resources.type.');
  }
}

function allowedOperators(category: string, name: string): string[] {
  if (EQUALS_ONLY.includes(name)) return ['Equals'];
  if (name !== 'eventSource')
    return name === 'vpcEndpointId' || name === 'errorCode' ? ['Equals', 'NotEquals'] : OPERATORS;
  // Management events can only leave sources out; network activity is recorded source by source.
  if (category === 'Management') return ['NotEquals'];
  return category === 'NetworkActivity' ? ['Equals'] : OPERATORS;
}

function checkValue(category: string, name: string, value: string): void {
  const wrong =
    (name === 'readOnly' && !['true', 'false'].includes(value)) ||
    (name === 'resources.type' && !/^AWS::\w+(::\w+)+$/.test(value)) ||
    (name === 'resources.ARN' && value.includes('*')) ||
    (name === 'eventSource' && category === 'Management' && !/^(kms|rdsdata)\.amazonaws\.com$/.test(value));
  if (wrong) throw invalidSelectors(`The value ${value} is not valid for the field ${name}.`);
}

function allValues(field: Input): string[] {
  return OPERATORS.flatMap((operator) => stringsIn(field, operator));
}
