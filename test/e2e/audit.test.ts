import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Demo, startDemo } from '../support/demo.ts';
import { type ShownMessage, visible } from '../support/workspace.ts';

let demo: Demo;
beforeAll(async () => {
  demo = await startDemo();
}, 120_000);
afterAll(() => demo?.stop());

const answer = async (role: string, text: string, looks: RegExp): Promise<ShownMessage> => {
  await demo.workspace.command(role, `/trail-check ${text}`);
  return demo.workspace.until((message) => message.ephemeral_to != null && looks.test(visible(message)), text);
};

it('in Slack the log is proven and a fix is told, for whoever asks alone', { timeout: 180_000 }, async () => {
  await demo.workspace.command('requester', '/trail-check prod');
  const check = await demo.workspace.until((message) => /tc-[0-9a-f]{20}/.test(visible(message)), 'a fix');
  const [fix = ''] = /tc-[0-9a-f]{20}/.exec(visible(check)) ?? [];
  const told = await answer('approver', `audit show ${fix}`, /fix proposed/);
  expect(visible(told)).toContain(fix);
  expect(visible(told)).toContain('CloudTrail shows no event of it');
  expect(visible(await answer('approver', 'audit verify', /The audit log is whole/))).toContain(
    'The tail is not proven',
  );
  await answer('approver', 'audit show tc-unknown', /There is no fix \\?"tc-unknown/);
  await answer('approver', 'audit export', /on the command line/);
});
