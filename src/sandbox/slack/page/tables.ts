import type { DataTableBlock, TableBlock } from '@slack/types';
import type { DrawContext } from './context.ts';
import { type Child, h } from './dom.ts';
import { drawRichText } from './rich-text.ts';
import { drawPlain } from './text.ts';

type Cell = DataTableBlock['rows'][number][number];

function drawCell(cell: Cell, context: DrawContext): Child[] {
  return cell.type === 'rich_text' ? [drawRichText(cell, context)] : drawPlain(cell.text);
}

/** A plain table: the first row is its head. */
export function drawTable(block: TableBlock, context: DrawContext): HTMLElement {
  const [head = [], ...rows] = block.rows;
  const look = (column: number) => {
    const settings = block.column_settings?.[column];
    return `align-${settings?.align ?? 'left'}${settings?.is_wrapped === true ? ' wrapped' : ''}`;
  };
  const headCells = head.map((cell, at) => h('th', { class: look(at), scope: 'col' }, ...drawCell(cell, context)));
  const lines = rows.map((row) =>
    h('tr', {}, ...row.map((cell, at) => h('td', { class: look(at) }, ...drawCell(cell, context)))),
  );
  return scrolling('Table', h('table', {}, h('thead', {}, h('tr', {}, ...headCells)), h('tbody', {}, ...lines)));
}

const scrolling = (label: string, table: HTMLElement) =>
  h('div', { class: 'table-scroll', role: 'region', tabindex: 0, 'aria-label': label }, table);

/** A table that people page and sort. Page and order are remembered across redrawing. */
export function drawDataTable(block: DataTableBlock, context: DrawContext): HTMLElement {
  const [head = [], ...rows] = block.rows;
  const size = block.page_size ?? 5;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const key = (what: string) => `table ${what} ${block.block_id ?? block.caption}`;
  const recall = (what: string, otherwise: number) => {
    const value = context.memo.get(key(what));
    return typeof value === 'number' ? value : otherwise;
  };
  const frame = h('div', { class: 'data-table' });
  const show = () => {
    const column = recall('column', -1);
    const direction = recall('direction', 1);
    const page = Math.min(recall('page', 0), pages - 1);
    const sorted = column === -1 ? rows : rows.toSorted((a, b) => direction * compareCells(a[column], b[column]));
    const goTo = (to: number) => () => {
      context.memo.set(key('page'), to);
      show();
    };
    const sortBy = (at: number) => () => {
      context.memo.set(key('column'), at);
      context.memo.set(key('direction'), at === column ? -direction : 1);
      context.memo.set(key('page'), 0);
      show();
      frame.querySelectorAll('th button')[at]?.dispatchEvent(new Event('refocus'));
    };
    const headCells = head.map((cell, at) => drawHeadCell(cell, at === column ? direction : 0, sortBy(at), context));
    const lines = sorted.slice(page * size, (page + 1) * size).map((row) => drawRow(row, block, context));
    const table = h(
      'table',
      {},
      h('caption', {}, ...drawPlain(block.caption)),
      h('thead', {}, h('tr', {}, ...headCells)),
      h('tbody', {}, ...lines),
    );
    frame.replaceChildren(
      scrolling(block.caption, table),
      ...(pages > 1 ? [drawPager(page, pages, rows.length, goTo)] : []),
    );
  };
  show();
  return frame;
}

function drawRow(row: readonly Cell[], block: DataTableBlock, context: DrawContext): HTMLElement {
  const cells = row.map((cell, at) => {
    const look = { class: cell.type === 'raw_number' ? 'align-right' : 'align-left' };
    const content = drawCell(cell, context);
    if (at === (block.row_header_column_index ?? 0)) return h('th', { ...look, scope: 'row' }, ...content);
    return h('td', look, ...content);
  });
  return h('tr', {}, ...cells);
}

function drawHeadCell(cell: Cell, direction: number, sort: () => void, context: DrawContext): HTMLElement {
  const order = direction === 0 ? 'none' : direction === 1 ? 'ascending' : 'descending';
  const sign = h('span', { class: 'sort-sign', 'aria-hidden': 'true' }, direction === -1 ? '▾' : '▴');
  const button = h('button', { type: 'button', onclick: sort }, ...drawCell(cell, context), sign);
  button.addEventListener('refocus', () => button.focus());
  return h('th', { scope: 'col', 'aria-sort': order }, button);
}

function drawPager(page: number, pages: number, rows: number, goTo: (to: number) => () => void): HTMLElement {
  const previous = { type: 'button', class: 'button small', disabled: page === 0, onclick: goTo(page - 1) };
  const next = { type: 'button', class: 'button small', disabled: page === pages - 1, onclick: goTo(page + 1) };
  return h(
    'div',
    { class: 'pager' },
    h('button', previous, 'Previous'),
    h('span', { 'aria-live': 'polite' }, `Page ${page + 1} of ${pages} · ${rows} rows`),
    h('button', next, 'Next'),
  );
}

function compareCells(a: Cell | undefined, b: Cell | undefined): number {
  if (a?.type === 'raw_number' && b?.type === 'raw_number') return a.value - b.value;
  return wordsOf(a).localeCompare(wordsOf(b), undefined, { numeric: true });
}

function wordsOf(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  return cell.type === 'rich_text' ? JSON.stringify(cell.elements) : cell.text;
}
