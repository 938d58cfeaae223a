import { describe, expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_TRAILS } from '../../src/sandbox/aws/index.ts';
import type { Json, Trail } from '../../src/sandbox/aws/types.ts';
import { trailIn } from '../fixes/estate.ts';
import { type Trap, traps } from './support.ts';

/* Selectors clobbered: the management selector dropped, other data events lost, advanced ones replaced by basic ones. */

const { web } = DEMO_ACCOUNTS;
const { spring } = traps();

const BASIC: Json[] = [
  {
    ReadWriteType: 'All',
    IncludeManagementEvents: true,
    ExcludeManagementEventSources: [],
    DataResources: [
      { Type: 'AWS::DynamoDB::Table', Values: ['arn:aws:dynamodb'] },
      { Type: 'AWS::Lambda::Function', Values: [`arn:aws:lambda:us-east-1:${web}:function:pay`] },
    ],
  },
];
const ADVANCED: Json[] = [
  { Name: 'all of it', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
  {
    Name: 'payments',
    FieldSelectors: [
      { Field: 'eventCategory', Equals: ['Data'] },
      { Field: 'resources.type', Equals: ['AWS::Lambda::Function'] },
      { Field: 'resources.ARN', Equals: [`arn:aws:lambda:us-east-1:${web}:function:pay`] },
    ],
  },
  {
    Name: 'tables',
    FieldSelectors: [
      { Field: 'eventCategory', Equals: ['Data'] },
      { Field: 'resources.type', Equals: ['AWS::DynamoDB::Table'] },
    ],
  },
];

/** What a trail records, as one text. */
const recorded = ({ eventSelectors, advancedEventSelectors }: Trail) =>
  JSON.stringify(advancedEventSelectors ?? eventSelectors);

const FIXES = ['data-events/s3-write', 'data-events/s3-read', 'data-events/lambda'] as const;
const trap = (check: string, selectors: Partial<Trail>): Trap => ({
  check,
  target: web,
  resource: web,
  change: (estate) => {
    Object.assign(trailIn(estate, DEMO_TRAILS.web), selectors);
  },
});

describe.each([
  ['basic', { eventSelectors: BASIC }],
  ['advanced', { advancedEventSelectors: ADVANCED }],
])('on %s selectors', (_, selectors) => {
  test.each(FIXES)('%s keeps management events and everything recorded before', async (check) => {
    const { estate, plan, writes } = await spring(trap(check, structuredClone(selectors)));
    expect(plan).toBeDefined();
    expect(writes.map(({ operation }) => operation)).toEqual(['PutEventSelectors']);
    const trail = trailIn(estate, DEMO_TRAILS.web);
    const text = recorded(trail);
    if (trail.advancedEventSelectors === undefined) expect(text).toContain('"IncludeManagementEvents":true');
    else expect(text).toContain('"Field":"eventCategory","Equals":["Management"]');
    expect(text).toContain('AWS::DynamoDB::Table');
    expect(text).toContain(check === 'data-events/lambda' ? 'AWS::Lambda::Function' : 'function:pay');
  });
});

test.each(ADVANCED.map((selector, index) => [index, selector] as const))(
  'advanced selector %i goes back exactly as it was read',
  async (_, selector) => {
    const advancedEventSelectors = structuredClone(ADVANCED);
    const { estate } = await spring(trap('data-events/s3-write', { advancedEventSelectors }));
    expect(trailIn(estate, DEMO_TRAILS.web).advancedEventSelectors).toContainEqual(selector);
  },
);

test('a selector that holds only reads is widened, and the data events beside it stay', async () => {
  const { estate } = await spring({
    check: 'trail/management-events',
    target: DEMO_ACCOUNTS.management,
    resource: DEMO_ACCOUNTS.management,
    change: (shaped) => {
      trailIn(shaped, DEMO_TRAILS.organization).eventSelectors = [
        {
          ReadWriteType: 'WriteOnly',
          IncludeManagementEvents: true,
          ExcludeManagementEventSources: [],
          DataResources: [{ Type: 'AWS::DynamoDB::Table', Values: ['arn:aws:dynamodb'] }],
        },
      ];
    },
  });
  const text = recorded(trailIn(estate, DEMO_TRAILS.organization));
  expect(text).toContain('AWS::DynamoDB::Table');
});
