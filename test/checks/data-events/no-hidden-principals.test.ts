import { describe, expect, it } from 'vitest';
import check from '../../../checks/data-events/no-hidden-principals.ts';
import { emptySnapshot } from '../../support/snapshot.ts';
import { findingOf, onlyChange, planOf } from '../bucket/support.ts';
import { accountWith, advanced, basic, memberUnder, ORGANIZATION_TRAIL } from '../trail/support.ts';
import { type Case, choosing, data, management, resources, selecting, unread } from './support.ts';

const ROLE = 'arn:aws:sts::111111111111:assumed-role/backup';
const OTHER = 'arn:aws:iam::111111111111:user/eve';
const hiding = (test: { [operator: string]: string[] }, field = 'userIdentity.arn') =>
  data('AWS::S3::Object', { [field]: test });
const onlyReads = { readOnly: { Equals: ['true'] } };

const cases: Case[] = [
  ['data events whoever called', () => choosing(management, data('AWS::S3::Object')), 'pass'],
  [
    'userIdentity.arn NotEquals or NotStartsWith: fail, naming the principals (NotEquals)',
    () => choosing(management, hiding({ NotEquals: [OTHER] })),
    'fail',
    { reason: expect.stringContaining(OTHER), fix: 'auto-second-approver', severity: 'medium' },
  ],
  [
    'userIdentity.arn NotEquals or NotStartsWith: fail, naming the principals (NotStartsWith)',
    () => choosing(management, hiding({ NotStartsWith: [ROLE] })),
    'fail',
    { reason: expect.stringContaining(ROLE) },
  ],
  [
    'userIdentity.arn Equals (only some callers are recorded): fail',
    () => choosing(hiding({ Equals: [ROLE] })),
    'fail',
  ],
  [
    'userIdentity.arn Equals, and who is singled out may be left out: all others are hidden',
    () => choosing(hiding({ Equals: [ROLE] })),
    'fail',
    {},
    { allowed: [ROLE] },
  ],
  [
    'sessionCredentialFromConsole',
    () => choosing(hiding({ NotEquals: ['true'] }, 'sessionCredentialFromConsole')),
    'fail',
    { reason: expect.stringContaining('sessionCredentialFromConsole') },
  ],
  ['All of them in allowed: pass', () => choosing(hiding({ NotStartsWith: [ROLE] })), 'pass', {}, { allowed: [ROLE] }],
  [
    'allowed by a pattern',
    () => choosing(hiding({ NotEquals: [OTHER] })),
    'pass',
    {},
    { allowed: ['arn:aws:iam::*:user/eve'] },
  ],
  [
    'one of two in allowed: names the other',
    () => choosing(hiding({ NotEquals: [OTHER], NotStartsWith: [ROLE] })),
    'fail',
    { evidence: { trails: [{ hidden: [`userIdentity.arn NotEquals ${OTHER}`] }] } },
    { allowed: [ROLE] },
  ],
  [
    'Another trail records the same events without narrowing: pass with a note',
    () =>
      accountWith(
        { selectors: { AdvancedEventSelectors: [hiding({ NotStartsWith: [ROLE] })] } },
        { name: 'second', selectors: { EventSelectors: [resources('AWS::S3::Object', ['arn:aws:s3'])] } },
      ),
    'pass',
    { notes: [expect.stringContaining('audit')] },
  ],
  [
    'another trail records reads alone without narrowing',
    () =>
      accountWith(
        { selectors: { AdvancedEventSelectors: [hiding({ NotStartsWith: [ROLE] })] } },
        { name: 'second', selectors: { AdvancedEventSelectors: [data('AWS::S3::Object', onlyReads)] } },
      ),
    'fail',
  ],
  ['Trail without data events: not-applicable', () => selecting(basic('All')), 'not-applicable'],
  [
    'Advanced selectors are judged by their fields; the name of a selector means nothing',
    () => choosing({ ...data('AWS::S3::Object'), Name: `without ${ROLE}` }),
    'pass',
  ],
  [
    'Trail configured in full but stopped: counts for nothing',
    () =>
      accountWith({
        status: { IsLogging: false },
        selectors: { AdvancedEventSelectors: [hiding({ NotStartsWith: [ROLE] })] },
      }),
    'not-applicable',
  ],
  ['no trail', () => emptySnapshot(), 'not-applicable'],
  [
    'organization trail: shown in the member, mended at its owner',
    () => memberUnder({ selectors: { AdvancedEventSelectors: [hiding({ NotStartsWith: [ROLE] })] } }),
    'fail',
    { inheritedFrom: ORGANIZATION_TRAIL, fix: 'none' },
  ],
  ...unread,
];

describe('data-events/no-hidden-principals', () => {
  it.each(cases)('%s', (_name, snapshot, verdict, more = {}, settings = {}) => {
    expect(findingOf(check, snapshot(), { settings })).toMatchObject({ verdict, ...more });
  });
});

describe('plan of data-events/no-hidden-principals', () => {
  it('takes the caller fields away and leaves all else as it was read', () => {
    const before = [
      management,
      hiding({ NotStartsWith: [ROLE] }),
      advanced({ eventCategory: { Equals: ['Data'] }, 'resources.type': { Equals: ['AWS::Lambda::Function'] } }),
    ];
    const plan = planOf(check, choosing(...before));
    expect(onlyChange(plan)).toMatchObject({
      operation: 'cloudtrail:PutEventSelectors',
      input: { AdvancedEventSelectors: [management, data('AWS::S3::Object'), before[2]] },
      undo: { input: { AdvancedEventSelectors: before } },
    });
    expect(plan).toMatchObject({ class: 'auto-second-approver', risk: 'cost' });
  });

  it('keeps those left out that may be', () => {
    const both = choosing(hiding({ NotEquals: [OTHER], NotStartsWith: [ROLE] }));
    expect(onlyChange(planOf(check, both, { settings: { allowed: [ROLE] } })).input).toMatchObject({
      AdvancedEventSelectors: [hiding({ NotStartsWith: [ROLE] })],
    });
  });
});
