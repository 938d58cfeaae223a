import type { Statement } from './statement.ts';

/** The tags that every session of a fix carries. */
const FIX_TAGS = ['trail-check:fix', 'trail-check:finding', 'trail-check:approvers'];

/** Whoever knows the external id, coming from the hub. */
export const READER_TRUST: readonly Statement[] = [
  {
    sid: 'Hub',
    effect: 'Allow',
    principal: '{hub}',
    actions: ['sts:AssumeRole'],
    condition: { StringEquals: { 'sts:ExternalId': '{externalId}' } },
  },
];

/** No session without a fix id, the person who decided, and tags: not even for the hub. */
export const FIXER_TRUST: readonly Statement[] = [
  {
    sid: 'Hub',
    effect: 'Allow',
    principal: '{hub}',
    actions: ['sts:AssumeRole'],
    condition: {
      StringEquals: { 'sts:ExternalId': '{externalId}' },
      StringLike: { 'sts:RoleSessionName': 'tc-*', 'sts:SourceIdentity': '?*' },
      Null: Object.fromEntries(FIX_TAGS.map((tag) => [`aws:RequestTag/${tag}`, 'false'])),
    },
  },
  {
    sid: 'Tell',
    effect: 'Allow',
    principal: '{hub}',
    actions: ['sts:SetSourceIdentity', 'sts:TagSession'],
  },
];
