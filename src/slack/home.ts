import type { Command } from '../command/command.ts';
import type { FixView } from '../fixes/fix.ts';
import { homeView } from './blocks/home.ts';
import { notice } from './blocks/notice.ts';
import type { SlackContext } from './context.ts';

/** App Home of one person: what waits for a decision, and the environments they may see. */
export async function publishHome<App>(
  { web, access, fixes, posture }: SlackContext,
  commands: ReadonlyMap<string, Command<App>>,
  user: string,
): Promise<void> {
  const refusal = await access.member(user);
  if (refusal !== undefined) {
    await web.views.publish({ user_id: user, view: { type: 'home', blocks: notice(refusal, 'refused').blocks } });
    return;
  }
  const visible = await access.visible(user);
  const [pending, environments] = await Promise.all([
    fixes().pending(),
    Promise.all(
      visible.map(async (name) => {
        const [run] = await posture.latest(name, 1);
        return { name, ...(run === undefined ? {} : { run }) };
      }),
    ),
  ]);
  const view = homeView({
    pending: pending.filter((fix) => environmentsOf(fix).every((name) => visible.includes(name))),
    environments,
    commands: [...commands.values()].filter(({ slack }) => slack !== undefined),
  });
  await web.views.publish({ user_id: user, view });
}

function environmentsOf({ proposal }: FixView): string[] {
  return Object.values(proposal.environments).flat();
}
