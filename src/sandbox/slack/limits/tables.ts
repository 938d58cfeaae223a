import { isDict, list } from '../json.ts';
import { ID } from './compositions.ts';
import { RICH_TEXT } from './rich-text.ts';
import { all, array, boolean, byType, type Check, integer, number, object, oneOf, rule, string } from './schema.ts';

const CELL = byType(() => ({
  raw_text: object({ type: oneOf('raw_text'), text: string(10_000) }),
  raw_number: object({ type: oneOf('raw_number'), value: number, text: string(10_000) }),
  rich_text: RICH_TEXT,
}));

const SAME_WIDTH = rule((table) => {
  const widths = new Set(list(table.rows).map((row) => list(row).length));
  return widths.size > 1 ? 'all rows must have the same number of cells' : undefined;
});

const PLAIN_HEADER = rule((table) =>
  list(list(table.rows)[0]).some((cell) => isDict(cell) && cell.type === 'rich_text')
    ? 'the header row must not hold rich_text'
    : undefined,
);

/** Rows and columns as documented; the 10,000 characters for all tables of a message are counted in `totals.ts`. */
export const TABLES: Record<string, Check> = {
  table: all(
    object(
      { type: oneOf('table'), rows: array(array(CELL, 20), 100) },
      {
        block_id: ID,
        column_settings: array(object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: boolean }), 20, 0),
      },
    ),
    SAME_WIDTH,
  ),
  data_table: all(
    object(
      { type: oneOf('data_table'), rows: array(array(CELL, 20), 101, 2), caption: string(3000) },
      { block_id: ID, page_size: integer(1, 100), row_header_column_index: integer(0, 19) },
    ),
    SAME_WIDTH,
    PLAIN_HEADER,
  ),
};
