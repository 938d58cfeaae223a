import type { ModalView } from '@slack/types';
import { runDetail } from '../posture/summary.ts';
import type { Run } from '../store/database.ts';
import { findRun } from '../store/runs.ts';
import type { Entry } from './blocks/entry.ts';
import { findingsModal, PAGE_SIZE } from './blocks/findings.ts';
import { accountNames } from './blocks/resource.ts';
import type { SlackContext } from './context.ts';
import { entriesOf } from './entries.ts';
import type { ListMetadata } from './modal.ts';
import { splitCheckSubject } from './render/check.ts';

/** The run that a list (`<run>` or `<run>/<check>`) is about. */
export function runOfList({ store }: Pick<SlackContext, 'store'>, list: string): Promise<Run | undefined> {
  return findRun(store.query, splitCheckSubject(list).run);
}

/** One page of the failing findings of a run, or of one of its checks. */
export async function listModal(
  context: Pick<SlackContext, 'store' | 'fixes'>,
  run: Run,
  { list, page, origin }: ListMetadata,
): Promise<ModalView> {
  const ids = failingOf(run, splitCheckSubject(list).check);
  const last = Math.max(0, Math.ceil(ids.length / PAGE_SIZE) - 1);
  const at = Math.min(Math.max(0, page), last);
  const entries = await pageOf(context, ids, at);
  return {
    ...findingsModal(entries, at, { list, names: accountNames(run.counts) }),
    private_metadata: JSON.stringify({ list, page: at, origin } satisfies Partial<ListMetadata>),
  };
}

function failingOf({ counts }: Run, check: string): string[] {
  const detail = runDetail(counts);
  if (detail === undefined || !('summary' in detail)) return [];
  const failing = detail.summary.failing.filter((each) => check === '' || each.check === check);
  return failing.flatMap(({ findings }) => findings);
}

/**
 * All entries by number, of which only those of one page are read: an estate can have tens of thousands. Findings that
 * are gone make room for the next ones, so that the page is full.
 */
async function pageOf(
  context: Pick<SlackContext, 'store' | 'fixes'>,
  ids: readonly string[],
  page: number,
): Promise<Entry[]> {
  const first = page * PAGE_SIZE;
  const found: Entry[] = [];
  let next = first;
  while (found.length < PAGE_SIZE && next < ids.length) {
    const wanted = ids.slice(next, next + PAGE_SIZE - found.length);
    found.push(...(await entriesOf(context, wanted)));
    next += wanted.length;
  }
  const entries = new Array<Entry>(first + found.length + Math.max(0, ids.length - next));
  found.forEach((entry, index) => {
    entries[first + index] = entry;
  });
  return entries;
}
