import { LogLevel, WebClient } from '@slack/web-api';
import { afterEach, expect, test } from 'vitest';
import { startSlack } from '../../src/sandbox/slack/server.ts';
import { createDirectory } from '../../src/slack/directory.ts';
import { testClock } from '../support/store.ts';
import { driveWorkspace } from '../support/workspace.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function asked(teamId = 'T0TRAILDEMO') {
  const slack = await startSlack();
  closers.push(slack.close);
  const clock = testClock();
  const web = new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  });
  const workspace = async () => ({ teamId, enterpriseId: undefined });
  return { slack, clock, directory: createDirectory(web, { now: clock.now, workspace }) };
}

test('people are known with their verified e-mail, and guests and bots are no members', async () => {
  const { directory } = await asked();
  expect(await directory.person('U0APPROVER1')).toEqual({
    id: 'U0APPROVER1',
    name: 'amal',
    email: 'amal@trail-demo.example',
    member: true,
  });
  expect(await directory.person('U0GUEST0001')).toMatchObject({ member: false });
  expect(await directory.person('U0TRAILBOT')).toMatchObject({ member: false });
  expect(await directory.person('U0UNKNOWN00')).toBeUndefined();
});

test('of an organization with several workspaces only who is in ours too is a member', async () => {
  const { slack } = await asked();
  const people = slack.workspace.people;
  const [rita, amal] = people;
  if (rita === undefined || amal === undefined) throw new Error('nobody there');
  Object.assign(rita, {
    team_id: 'T0OTHER',
    enterprise_user: { enterprise_id: 'E0ORG', teams: ['T0OTHER', 'T0TRAILDEMO'] },
  });
  Object.assign(amal, { team_id: 'T0OTHER', enterprise_user: { enterprise_id: 'E0ORG', teams: ['T0OTHER'] } });
  const web = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, logLevel: LogLevel.ERROR });
  const workspace = async () => ({ teamId: 'T0TRAILDEMO', enterpriseId: 'E0ORG' });
  const directory = createDirectory(web, { now: testClock().now, workspace });
  expect(await directory.person(rita.id)).toMatchObject({ member: true });
  expect(await directory.person(amal.id)).toMatchObject({ member: false });
});

test('people of another team are no members', async () => {
  const { directory } = await asked('T0ELSEWHERE');
  expect(await directory.person('U0APPROVER1')).toMatchObject({ member: false });
});

test('groups are found by id and by handle', async () => {
  const { directory } = await asked();
  const approvers = ['U0APPROVER1', 'U0APPROVER2'];
  expect(await directory.members('@trail-approvers')).toEqual(approvers);
  expect(await directory.members('S0TRAILAPPR')).toEqual(approvers);
  expect(await directory.members('@nobody')).toEqual([]);
});

test('what Slack said is believed for a minute, and asked anew before a decision', async () => {
  const { slack, clock, directory } = await asked();
  const amal = slack.workspace.people.find(({ id }) => id === 'U0APPROVER1');
  const [group] = slack.workspace.groups;
  await directory.person('U0APPROVER1');
  await directory.members('S0TRAILAPPR');
  if (amal !== undefined) amal.is_restricted = true;
  if (group !== undefined) group.users = [];
  clock.advance(59_000);
  expect(await directory.person('U0APPROVER1')).toMatchObject({ member: true });
  expect(await directory.members('S0TRAILAPPR')).toHaveLength(2);
  directory.forget('U0APPROVER1');
  expect(await directory.person('U0APPROVER1')).toMatchObject({ member: false });
  expect(await directory.members('S0TRAILAPPR')).toEqual([]);
});

test('what Slack would not say is asked again, and is no answer', async () => {
  const { slack, directory } = await asked();
  const fault = { kind: 'rate-limit', method: 'usergroups.list' };
  await driveWorkspace(`${slack.url}/_control`).fault(fault);
  await expect(directory.members('S0TRAILAPPR')).rejects.toThrow('rate-limit');
  expect(await directory.members('S0TRAILAPPR')).toHaveLength(2);
});
