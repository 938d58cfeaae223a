import { describe, expect, test } from 'vitest';
import { coverageMatrix } from '../../src/posture/coverage/matrix.ts';
import type { Snapshot } from '../../src/snapshot/types.ts';
import {
  ACCOUNT,
  absent,
  denied,
  emptySnapshot,
  MANAGEMENT,
  TRAIL_ARN,
  unreachable,
  withOrganization,
  withPart,
  withTrail,
} from '../support/snapshot.ts';

const EVERYTHING = {
  AdvancedEventSelectors: [
    { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
    ...['AWS::S3::Object', 'AWS::Lambda::Function'].map((type) => ({
      FieldSelectors: [
        { Field: 'eventCategory', Equals: ['Data'] },
        { Field: 'resources.type', Equals: [type] },
      ],
    })),
  ],
};
const empty = emptySnapshot();
const member = withOrganization(emptySnapshot(), {});

function cells(snapshot: Snapshot, account = ACCOUNT) {
  const row = coverageMatrix(snapshot).rows.find((each) => each.account === account);
  if (row === undefined) throw new Error(`no row of ${account}`);
  return Object.fromEntries(
    Object.entries(row.cells).map(([column, { covered, inherited, detail }]) => [
      column,
      [inherited ? `inherited ${covered}` : covered, ...(detail === undefined ? [] : [detail])].join(': '),
    ]),
  );
}

interface Row {
  name: string;
  snapshot: Snapshot;
  expected: { managementRead?: string; managementWrite?: string; dataEvents?: string; insights?: string };
}

const ROWS: Row[] = [
  {
    name: 'a trail that records everything',
    snapshot: withTrail(empty, { selectors: EVERYTHING }),
    expected: {
      managementRead: 'all',
      managementWrite: 'all',
      dataEvents: 'all: S3 reads, S3 writes, Lambda',
      insights: 'all',
    },
  },
  {
    name: 'an account without a trail',
    snapshot: empty,
    expected: { managementRead: 'none', managementWrite: 'none', dataEvents: 'none', insights: 'none' },
  },
  {
    name: 'a stopped trail counts for nothing',
    snapshot: withTrail(empty, { status: { IsLogging: false } }),
    expected: { managementRead: 'none', managementWrite: 'none', dataEvents: 'none', insights: 'none' },
  },
  {
    name: 'an organization trail is inherited by its members',
    snapshot: withTrail(member, { owner: MANAGEMENT, IsOrganizationTrail: true, selectors: EVERYTHING }),
    expected: { managementRead: 'inherited all', managementWrite: 'inherited all', insights: 'inherited all' },
  },
  {
    name: 'what an own trail records besides is its own',
    snapshot: withTrail(
      withTrail(member, {
        name: 'org',
        owner: MANAGEMENT,
        IsOrganizationTrail: true,
        insights: absent('InsightNotEnabledException'),
        selectors: { EventSelectors: [{ ReadWriteType: 'WriteOnly' }] },
      }),
      { name: 'own', selectors: { EventSelectors: [{ ReadWriteType: 'ReadOnly' }] } },
    ),
    expected: { managementRead: 'all', managementWrite: 'inherited all', insights: 'all' },
  },
  {
    name: 'a source that is left out',
    snapshot: withTrail(empty, {
      selectors: { EventSelectors: [{ ExcludeManagementEventSources: ['kms.amazonaws.com'] }] },
    }),
    expected: { managementRead: 'partly: without kms.amazonaws.com' },
  },
  {
    name: 'a trail of one region',
    snapshot: withTrail(empty, { IsMultiRegionTrail: false, region: 'eu-west-1' }),
    expected: { managementRead: 'partly: only in eu-west-1', managementWrite: 'partly: only in eu-west-1' },
  },
  {
    name: 'one type of Insights',
    snapshot: withTrail(empty, { insights: [{ InsightType: 'ApiErrorRateInsight', EventCategories: ['Management'] }] }),
    expected: { insights: 'partly: error rate' },
  },
  {
    name: 'selectors that cannot be read are unknown, not none',
    snapshot: withPart(withTrail(empty), 'trail.selectors', TRAIL_ARN, denied('cloudtrail:GetEventSelectors', ACCOUNT)),
    expected: { managementRead: `unknown: ${TRAIL_ARN} could not be read.` },
  },
  {
    name: 'Insights that cannot be read are unknown',
    snapshot: withPart(
      withTrail(empty),
      'trail.insights',
      TRAIL_ARN,
      denied('cloudtrail:GetInsightSelectors', ACCOUNT),
    ),
    expected: { managementRead: 'all', insights: `unknown: ${TRAIL_ARN} could not be read.` },
  },
  {
    name: 'an account that cannot be entered',
    snapshot: withPart(withTrail(empty), 'account.trails', ACCOUNT, unreachable(ACCOUNT)),
    expected: { managementRead: 'unknown: Its trails could not be read.' },
  },
];

describe('the coverage matrix', () => {
  test.each(ROWS)('$name', ({ snapshot, expected }) => {
    expect(cells(snapshot)).toMatchObject(expected);
  });

  test('has the worst accounts first, and names those that the target leaves out', () => {
    const two = withTrail(emptySnapshot({ accounts: [ACCOUNT, '999999999999'] }));
    expect(coverageMatrix(two).rows.map(({ account }) => account)).toEqual(['999999999999', ACCOUNT]);
    const { excluded } = coverageMatrix(
      withOrganization(two, { accounts: [{ Id: ACCOUNT }, { Id: MANAGEMENT, State: 'SUSPENDED' }] }),
    );
    expect(excluded).toEqual([{ account: MANAGEMENT, name: `account-${MANAGEMENT}`, why: 'suspended' }]);
  });
});
