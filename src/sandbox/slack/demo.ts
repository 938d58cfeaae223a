import type { Channel, Person, UserGroup } from './types.ts';

export const TEAM = { id: 'T0TRAILDEMO', name: 'Trail Demo', domain: 'trail-demo' };
export const APP = { id: 'A0TRAILCHECK', botUser: 'U0TRAILBOT', botId: 'B0TRAILBOT', name: 'trail-check' };
export const COMMANDS = [
  {
    command: '/trail-check',
    description: 'Check and fix the audit trail of your AWS accounts',
    usage_hint: '<environment or account> | explain <check> | status | help',
  },
];

const REQUESTER = 'U0REQUESTER';
const APPROVER = 'U0APPROVER1';
const APPROVER2 = 'U0APPROVER2';
const GUEST = 'U0GUEST0001';

export const PEOPLE: readonly Person[] = [
  person(REQUESTER, 'rita', 'Rita', 'requester', 'Platform engineer'),
  person(APPROVER, 'amal', 'Amal', 'approver', 'Security lead'),
  person(APPROVER2, 'bo', 'Bo', 'approver2', 'Cloud security engineer'),
  { ...person(GUEST, 'gil', 'Gil', 'guest', 'Contractor'), is_restricted: true },
];

/** The bot was invited to the first and the last; #general it reaches by `chat:write.public` alone, as many installations do. */
export const CHANNELS: readonly Channel[] = [
  channel('C0AUDITTRAIL', 'audit-trail', false, [REQUESTER, APPROVER, APPROVER2, GUEST, APP.botUser]),
  channel('C0GENERAL000', 'general', false, [REQUESTER, APPROVER, APPROVER2]),
  channel('C0AUDITLOG00', 'audit-log', true, [REQUESTER, APPROVER, APPROVER2, APP.botUser]),
];

export const GROUPS: readonly UserGroup[] = [
  { id: 'S0TRAILAPPR', handle: 'trail-approvers', name: 'Trail approvers', users: [APPROVER, APPROVER2] },
];

function person(id: string, name: string, real_name: string, role: Person['role'], title: string): Person {
  return { id, name, real_name, role, title, email: `${name}@trail-demo.example`, is_restricted: false };
}

function channel(id: string, name: string, is_private: boolean, members: string[]): Channel {
  return { id, name, kind: 'channel', is_private, members };
}
