import type { makeBuilder } from '@smithy/core/client';

/*
 * What ListLinks and GetLink take and give, as the SDK describes it: [kind, namespace, name, traits, members, schemas].
 * https://docs.aws.amazon.com/OAM/latest/APIReference/API_ListLinks.html
 */

export interface ListLinksInput {
  MaxResults?: number;
  NextToken?: string;
}

export interface Link {
  Arn?: string;
  Id?: string;
  Label?: string;
  /** Types that are shared, `AWS::Logs::LogGroup` for example. */
  ResourceTypes?: string[];
  SinkArn?: string;
}

export interface ListLinksOutput {
  Items?: Link[];
  NextToken?: string;
  $metadata: object;
}

export interface GetLinkInput {
  /** ARN of the link. */
  Identifier: string;
}

export interface GetLinkOutput {
  Arn?: string;
  /** Which log groups are shared; all of them without a filter. */
  LinkConfiguration?: { LogGroupConfiguration?: { Filter?: string } };
  $metadata: object;
}

export const NAMESPACE = 'com.amazonaws.oam';

type OperationSchema = Parameters<ReturnType<typeof makeBuilder>>[3];
type Schema = OperationSchema[4];

const STRUCTURE = 3;
const LIST = 1;
const OPERATION = 9;
const TEXT = 0;
const NUMBER = 1;
/** A list of texts. */
const TEXTS = 64;

const input: Schema = [STRUCTURE, NAMESPACE, 'ListLinksInput', 0, ['MaxResults', 'NextToken'], [NUMBER, TEXT]];

const link: Schema = [
  STRUCTURE,
  NAMESPACE,
  'ListLinksItem',
  0,
  ['Arn', 'Id', 'Label', 'ResourceTypes', 'SinkArn'],
  [TEXT, TEXT, TEXT, TEXTS, TEXT],
];

const links: Schema = [LIST, NAMESPACE, 'ListLinksItems', 0, () => link];

const output: Schema = [STRUCTURE, NAMESPACE, 'ListLinksOutput', 0, ['Items', 'NextToken'], [() => links, TEXT]];

const filter: Schema = [STRUCTURE, NAMESPACE, 'LogGroupConfiguration', 0, ['Filter'], [TEXT]];

const configuration: Schema = [STRUCTURE, NAMESPACE, 'LinkConfiguration', 0, ['LogGroupConfiguration'], [() => filter]];

const detailInput: Schema = [STRUCTURE, NAMESPACE, 'GetLinkInput', 0, ['Identifier'], [TEXT]];

const detailOutput: Schema = [
  STRUCTURE,
  NAMESPACE,
  'GetLinkOutput',
  0,
  ['Arn', 'LinkConfiguration'],
  [TEXT, () => configuration],
];

export const getLink: OperationSchema = [
  OPERATION,
  NAMESPACE,
  'GetLink',
  { http: ['POST', '/GetLink', 200] },
  () => detailInput,
  () => detailOutput,
];

export const listLinks: OperationSchema = [
  OPERATION,
  NAMESPACE,
  'ListLinks',
  { http: ['POST', '/ListLinks', 200] },
  () => input,
  () => output,
];
