import type { ModalView } from '@slack/types';
import { actions, button, context, divider, plainTitle, section } from './elements.ts';
import { type Entry, entryBlocks, headingOf } from './entry.ts';
import { ACTIONS } from './ids.ts';
import { fitBlocks, LIMITS } from './limits.ts';
import type { AccountNames } from './resource.ts';
import { count, oneLine, words } from './text.ts';
import { SEVERITY } from './vocabulary.ts';

export const PAGE_SIZE = 8;

/**
 * One page (from 0) of findings, each with its button; a page that is not there shows the nearest. `list` says what is
 * paged through and comes back in `private_metadata`: a run id, or `<runId>/<checkId>`.
 */
export function findingsModal(
  entries: readonly Entry[],
  page: number,
  { list = '', names = new Map() }: { list?: string; names?: AccountNames } = {},
): ModalView {
  const pages = Math.max(1, Math.ceil(entries.length / PAGE_SIZE));
  const at = Math.min(Math.max(0, Math.trunc(page)), pages - 1);
  const shown = entries.slice(at * PAGE_SIZE, (at + 1) * PAGE_SIZE);
  // Two buttons of one block would need different action ids: one is above the list, one below.
  const previous = at > 0 ? [actions(button('← Previous page', ACTIONS.findingsPage, String(at - 1)))] : [];
  const next = at < pages - 1 ? [actions(button('Next page →', ACTIONS.findingsPage, String(at + 1)))] : [];
  const place = pages === 1 ? '' : ` · page ${at + 1} of ${pages}`;
  const blocks = fitBlocks(
    {
      head: [context(`${count(entries.length, 'finding')}, worst first${place}`), ...previous],
      body: shown.map((entry, index) => {
        const { check, title, severity } = entry.finding;
        const first = index === 0 || shown[index - 1]?.finding.check !== check;
        const same = shown.filter(({ finding }) => finding.check === check);
        const { sign, words: verdict } = headingOf(same, SEVERITY[severity].emoji);
        const heading = section(words(`${sign} `, { bold: `${verdict}: ${oneLine(title, 200)}` }));
        return [...(first ? [...(index === 0 ? [] : [divider()]), heading] : []), ...entryBlocks(entry, names)];
      }),
      tail: next,
    },
    LIMITS.view,
    (left) => context(`… and ${count(left, 'more finding')} of this page`),
  );
  return {
    type: 'modal',
    private_metadata: JSON.stringify({ list, page: at }),
    title: plainTitle('Findings'),
    close: plainTitle('Close'),
    blocks,
  };
}
