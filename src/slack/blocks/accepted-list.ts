import type { KnownBlock } from '@slack/types';
import type { ExemptionConfig } from '../../config/config.ts';
import type { AcceptedRisk, Snooze } from '../../store/database.ts';
import { context, header, menu, section } from './elements.ts';
import { ACTIONS, menuValue } from './ids.ts';
import { fitBlocks, LIMITS } from './limits.ts';
import type { Message } from './message.ts';
import { located } from './resource.ts';
import { count, escapeText, mention, oneLine, prose, when, words } from './text.ts';
import { RISK_STATE } from './vocabulary.ts';

export interface LeftAsItIs {
  /** Asked for or accepted in Slack. */
  risks: readonly AcceptedRisk[];
  /** Of the configuration. */
  filed: readonly ExemptionConfig[];
  snoozes: readonly (Snooze & { title: string; account: string; region: string; resource: string })[];
  /** The environment it is about; absent: all that the person may see. */
  environment?: string;
}

/** What people left as it is, with who answers for it and until when; what ends soonest is first. */
export function acceptedListMessage({ risks, filed, snoozes, environment }: LeftAsItIs): Message {
  const accepted = [
    ...risks.map((risk) => ({ end: risk.until, blocks: riskBlocks(risk) })),
    ...filed.map((exemption) => ({ end: exemption.end, blocks: filedBlocks(exemption) })),
  ].sort((one, other) => (one.end < other.end ? -1 : 1));
  const asleep = [...snoozes].sort((one, other) => one.until.getTime() - other.until.getTime()).map(snoozeBlocks);
  const where = environment === undefined ? '' : ` in ${escapeText(environment)}`;
  const summary = `${count(accepted.length, 'accepted risk')} and ${count(asleep.length, 'snoozed finding')}${where}`;
  const groups: KnownBlock[][] = [
    [header('Accepted risks')],
    ...(accepted.length === 0 ? [[context('None.')]] : accepted.map(({ blocks }) => blocks)),
    [header('Snoozed')],
    ...(asleep.length === 0 ? [[context('None.')]] : asleep),
  ];
  const body = fitBlocks({ head: [context(summary)], body: groups }, LIMITS.message, (left) =>
    context(`and ${count(left, 'more part')}; name an environment to see less at once`),
  );
  return { text: summary, blocks: body };
}

function riskBlocks(risk: AcceptedRisk): KnownBlock[] {
  const { emoji, words: state } = RISK_STATE[risk.state];
  const owner = `Until ${escapeText(risk.until)} · owned by ${mention(risk.owner)}`;
  return [
    section(words(`${emoji} ${state}: `, { bold: oneLine(risk.title, 200) }, '\n', ...located(risk, new Map()))),
    context(owner, words(...prose(risk.reason, 300))),
  ];
}

/** What the file says of the ones it lists: a pattern, not a finding. */
function filedBlocks({ check, resource, account, environment, owner, reason, end }: ExemptionConfig): KnownBlock[] {
  const place = [resource, account, environment].filter((part) => part !== undefined).map((part) => oneLine(part, 120));
  return [
    section(words('➖ In the configuration: ', { code: oneLine(check, 120) }, ` · ${place.join(' · ')}`)),
    context(words(`Until ${end} · owned by ${oneLine(owner, 80)}`), words(...prose(reason, 300))),
  ];
}

function snoozeBlocks({ title, by, until, reason, finding, ...resource }: LeftAsItIs['snoozes'][number]): KnownBlock[] {
  const wake = menu(ACTIONS.findingMenu, [{ label: 'Wake up', value: menuValue('wake', finding) }]);
  return [
    section(words('💤 ', { bold: oneLine(title, 200) }, '\n', ...located(resource, new Map())), wake),
    context(`Until ${when(until)} by ${mention(by)}`, ...(reason === null ? [] : [words(...prose(reason, 300))])),
  ];
}
