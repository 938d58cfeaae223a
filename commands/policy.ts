import { z } from 'zod';
import type { App } from '../src/app.ts';
import { defineCommand } from '../src/command/command.ts';
import { formatPath, type Path } from '../src/config/problem.ts';
import { suggest } from '../src/config/suggest.ts';
import { earlierInForce } from '../src/fixes/configurations.ts';
import { type ExplainedPolicy, explainPolicy } from '../src/fixes/explain-policy.ts';
import { usualPlan } from '../src/fixes/policy.ts';
import { policyText } from '../src/fixes/policy-text.ts';
import { TrailCheckError } from '../src/ops/error.ts';
import { notice } from '../src/slack/blocks/notice.ts';
import { policyMessage } from '../src/slack/blocks/policy.ts';
import { escapeText } from '../src/slack/blocks/text.ts';

export default defineCommand<App>()({
  name: 'policy',
  summary: 'Say who may fix what, and why; confirm a changed configuration',
  usage: 'explain <environment> <check> | confirm',
  options: {},
  args: z.strictObject({
    _: z.union([z.tuple([z.literal('explain'), z.string(), z.string()]), z.tuple([z.literal('confirm')])], {
      error: 'takes explain, an environment and a check; or confirm',
    }),
  }),
  target: ({ _: [, environment] }) => environment,

  async terminal(app, { _: [act, environment, check] }, terminal) {
    if (act === 'confirm')
      throw new TrailCheckError('A configuration is confirmed in Slack, by who an approver is there');
    const policy = await explained(app, environment, check);
    if ('problem' in policy) throw new TrailCheckError(policy.problem);
    terminal.out(policyText(policy));
    return 0;
  },

  async slack(app, { _: [act, environment, check] }, { userId }) {
    if (act === 'confirm') {
      const { fixes, slack } = await app.bot();
      slack.directory.forget(userId);
      const answer = await fixes.confirmConfiguration({ user: userId });
      return notice(escapeText(answer.message), answer.ok ? 'done' : 'refused');
    }
    const policy = await explained(app, environment, check);
    if ('problem' in policy) return notice(escapeText(policy.problem), 'warning');
    const { store } = await app.bot();
    const [earlier] = await earlierInForce({ store, config: app.config });
    return policyMessage(policy, earlier === undefined ? {} : { settling: { until: earlier.until } });
  },
});

async function explained(app: App, environment: string, id: string): Promise<ExplainedPolicy | { problem: string }> {
  const { config, source } = app;
  const names = Object.keys(config.environments);
  if (!names.includes(environment)) return unknown('environment', environment, names);
  const catalogue = await app.catalogue();
  const check = catalogue.get(id);
  if (check === undefined) return unknown('check', id, [...catalogue.keys()]);
  const usual = usualPlan(check);
  if (usual === undefined)
    return { problem: `${id} has no fix that a button makes; "explain ${id}" says what people can do.` };
  const placeOf = (path: Path) => {
    const { file, line } = source.problemAt(path, '');
    return inFile(source.data, path)
      ? `${formatPath(path)} (${file}:${line ?? 1})`
      : `${formatPath(path)} (not in ${file})`;
  };
  return explainPolicy(config, { environment, usual }, placeOf);
}

/** Does the file say it, or is it there by default? */
function inFile(data: unknown, path: Path): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return true;
  if (typeof data !== 'object' || data === null || !(first in data)) return false;
  return inFile(Reflect.get(data, first), rest);
}

function unknown(what: string, word: string, known: readonly string[]): { problem: string } {
  const near = suggest(word, known);
  return { problem: `There is no ${what} "${word}".${near === undefined ? '' : ` Did you mean ${near}?`}` };
}
