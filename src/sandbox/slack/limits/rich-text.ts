import { ID } from './compositions.ts';
import { array, boolean, byType, type Check, integer, number, object, oneOf, string } from './schema.ts';

const STYLE = object(
  {},
  {
    bold: boolean,
    italic: boolean,
    strike: boolean,
    code: boolean,
    underline: boolean,
    highlight: boolean,
    client_highlight: boolean,
    unlink: boolean,
  },
);
const piece = (type: string, required: Record<string, Check>, optional: Record<string, Check> = {}) =>
  object({ type: oneOf(type), ...required }, { style: STYLE, ...optional });

const PIECES: Record<string, Check> = {
  text: piece('text', { text: string(40_000) }),
  link: piece('link', { url: string(3000) }, { text: string(40_000), unsafe: boolean }),
  user: piece('user', { user_id: ID }),
  usergroup: piece('usergroup', { usergroup_id: ID }),
  channel: piece('channel', { channel_id: ID }),
  team: piece('team', { team_id: ID }),
  emoji: piece('emoji', { name: string(255) }, { unicode: string(255), url: string(3000), skin_tone: integer(1, 6) }),
  date: piece('date', { timestamp: number, format: string(255) }, { url: string(3000), fallback: string(3000) }),
  broadcast: piece('broadcast', { range: oneOf('here', 'channel', 'everyone') }),
  color: piece('color', { value: string(7, 4, /^#[0-9a-fA-F]+$/) }),
};

const BORDER = { border: oneOf(0, 1) };
const anyPiece = byType(() => PIECES);
const SECTION = object({ type: oneOf('rich_text_section'), elements: array(anyPiece, 10_000, 0) });

const PARTS: Record<string, Check> = {
  rich_text_section: SECTION,
  rich_text_list: object(
    {
      type: oneOf('rich_text_list'),
      style: oneOf('bullet', 'ordered'),
      elements: array(
        byType(() => ({ rich_text_section: SECTION })),
        1000,
      ),
    },
    { ...BORDER, indent: integer(0, 8), offset: integer(0, 10_000) },
  ),
  rich_text_quote: object({ type: oneOf('rich_text_quote'), elements: array(anyPiece, 10_000) }, BORDER),
  rich_text_preformatted: object(
    {
      type: oneOf('rich_text_preformatted'),
      elements: array(
        byType(() => PIECES, ['text', 'link']),
        10_000,
      ),
    },
    { ...BORDER, language: string(100) },
  ),
};

/** A `rich_text` block or entity. */
export const RICH_TEXT: Check = byType(() => ({
  rich_text: object(
    {
      type: oneOf('rich_text'),
      elements: array(
        byType(() => PARTS),
        1000,
      ),
    },
    { block_id: ID },
  ),
}));
