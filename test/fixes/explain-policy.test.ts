import { expect, test } from 'vitest';
import { formatPath, type Path } from '../../src/config/problem.ts';
import { explainPolicy } from '../../src/fixes/explain-policy.ts';
import { testConfig } from '../support/fixes.ts';

const USUAL = { check: 'trail/x', class: 'auto', risk: 'safe', severity: 'medium' } as const;
const placeOf = (path: Path) => `${formatPath(path)} (file:1)`;

const config = testConfig({
  environments: {
    prod: { accounts: ['333333333333'], approval: { people: 2, stepUp: 'alias', breakGlass: ['U0ONCALL001'] } },
  },
  approval: {
    default: {
      approve: ['@trail-approvers'],
      expires: '2h',
      windows: [{ from: '09:00', to: '17:00', timezone: 'UTC' }],
    },
    rules: [
      { when: { check: 'trail/*', environment: 'prod' }, approve: ['@trail-owners'] },
      { when: { severity: 'critical' }, people: 3 },
    ],
    freezes: [{ from: '2026-12-20T00:00:00Z', to: '2027-01-04T00:00:00Z', reason: 'year end' }],
  },
});

test('every layer is named with its place, whether it applies, and for what', () => {
  expect(explainPolicy(config, { environment: 'prod', usual: USUAL }, placeOf).layers).toEqual([
    { place: 'approval.default (file:1)', applies: true, note: 'for everything' },
    { place: 'environments.prod.approval (file:1)', applies: true, note: 'for this environment' },
    { place: 'approval.rules[0] (file:1)', applies: true, note: 'for environment prod, check trail/*' },
    { place: 'approval.rules[1] (file:1)', applies: false, note: 'for severity critical' },
  ]);
});

test('each part is said with what makes it so', () => {
  const { usual } = explainPolicy(config, { environment: 'prod', usual: USUAL });
  const said = Object.fromEntries(usual.map(({ what, says, why }) => [what, [says, ...why]]));
  expect(said).toEqual({
    'May request': ['everyone who may see prod'],
    'May approve': ['@trail-owners', 'approval.rules[0]'],
    People: ['2', 'environments.prod.approval'],
    'Approve without a request': ['nobody may', '2 people are needed'],
    'Who requested': ['does not count as an approver', 'approval.default'],
    Reason: ['asked for'],
    'Step-up': ['types the alias of the account', 'environments.prod.approval'],
    'Expires after': ['2h', 'approval.default'],
    'Reminders after': ['1h, 4h, 12h'],
    Runs: ['daily 09:00-17:00 (UTC)', 'approval.default'],
    Frozen: ['from 2026-12-20 00:00 UTC to 2027-01-04 00:00 UTC: year end', 'approval.freezes'],
    'May break the glass': ['U0ONCALL001', 'environments.prod.approval'],
  });
});

test('plans and findings for which something else holds are told with what differs', () => {
  const { others } = explainPolicy(config, { environment: undefined, usual: USUAL });
  expect(others).toEqual([
    {
      when: 'the plan asks for a second approver',
      differs: [
        expect.objectContaining({ what: 'People', says: '2', why: ['its fix asks for a second approver'] }),
        expect.objectContaining({ what: 'Approve without a request', says: 'nobody may' }),
      ],
    },
    {
      when: 'its risk is irreversible',
      differs: [
        expect.objectContaining({ what: 'People', says: '2', why: ['it cannot be undone'] }),
        expect.objectContaining({ what: 'Approve without a request', says: 'nobody may' }),
      ],
    },
    {
      when: 'the finding is critical',
      differs: [
        expect.objectContaining({ what: 'People', says: '3', why: ['approval.rules[1]'] }),
        expect.objectContaining({ what: 'Approve without a request', says: 'nobody may' }),
      ],
    },
  ]);
});
