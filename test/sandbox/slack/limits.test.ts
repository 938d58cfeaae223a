import { describe, expect, test } from 'vitest';
import {
  messageProblems,
  requireValidMessage,
  requireValidView,
  viewProblems,
} from '../../../src/sandbox/slack/limits/surfaces.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string, extra: object = {}) => ({ type: 'section', text: mrkdwn(text), ...extra });
const option = (value: string, text = value) => ({ text: plain(text), value });
const options = (count: number) => Array.from({ length: count }, (_, index) => option(`v${index}`));
const button = (extra: object = {}) => ({ type: 'button', text: plain('Go'), ...extra });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const input = (element: object, extra: object = {}) => ({ type: 'input', label: plain('Name'), element, ...extra });
const textInput = (extra: object = {}) => ({ type: 'plain_text_input', ...extra });
const richText = (text: string) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});
const cell = (text: string) => ({ type: 'raw_text', text });
const dataTable = (rows: object[][], extra: object = {}) => ({
  type: 'data_table',
  caption: 'Accounts',
  rows,
  ...extra,
});
const image = { type: 'image', alt_text: 'x', image_url: 'https://example.com/x.png' };
const modal = (extra: object = {}) => ({ type: 'modal', title: plain('Review'), blocks: [], ...extra });
const x = (count: number) => 'x'.repeat(count);

describe('a message takes', () => {
  test.each<[string, object]>([
    ['a section at its limit', section(x(3000))],
    ['fields without text', { type: 'section', fields: [mrkdwn(x(2000))] }],
    ['a section with an overflow menu', section('a', { accessory: { type: 'overflow', options: options(5) } })],
    ['an image as accessory', section('a', { accessory: image })],
    ['a header', { type: 'header', text: plain(x(150)) }],
    ['context of text and image', { type: 'context', elements: [image, mrkdwn('a')] }],
    ['25 buttons', actions(...Array.from({ length: 25 }, () => button()))],
    ['a select of 100', actions({ type: 'static_select', placeholder: plain('x'), options: options(100) })],
    [
      'a confirm dialog',
      actions(button({ confirm: { title: plain(x(100)), text: plain(x(300)), confirm: plain('Y') } })),
    ],
    ['a value of 2000', actions(button({ value: x(2000) }))],
    ['an input', input(textInput())],
    ['rich text', richText('a < b & *c*')],
    ['a table', { type: 'table', rows: [[cell('a'), richText('b')]], column_settings: [{ align: 'right' }] }],
    ['a data table', dataTable([[cell('a')], [{ type: 'raw_number', value: 1, text: '1' }]])],
    ['a card', { type: 'card', title: mrkdwn(x(150)), actions: [button()] }],
    ['a carousel', { type: 'carousel', elements: [{ type: 'card', body: mrkdwn('a') }] }],
    ['a container', { type: 'container', title: plain('Details'), child_blocks: [section('a')], is_collapsible: true }],
    ['markdown', { type: 'markdown', text: x(12_000) }],
    [
      'a plan',
      { type: 'plan', title: 'Fix', tasks: [{ type: 'task_card', task_id: '1', title: 'a', status: 'complete' }] },
    ],
    [
      'a chart',
      { type: 'data_visualization', title: 'a', chart: { type: 'pie', segments: [{ label: 'a', value: 1 }] } },
    ],
  ])('%s', (_, block) => {
    expect(messageProblems([block], undefined)).toEqual([]);
  });
});

describe('a message refuses', () => {
  test.each<[string, object | object[], string]>([
    ['an unknown block', { type: 'sectoin' }, 'unsupported type: sectoin [/blocks/0/type]'],
    ['a block without type', {}, 'missing required field: type [/blocks/0]'],
    ['a long section', section(x(3001)), 'must be less than 3001 characters [/blocks/0/text/text]'],
    ['an empty text', section(''), 'must be more than 0 characters [/blocks/0/text/text]'],
    ['a section of nothing', { type: 'section' }, 'needs one of: text, fields [/blocks/0]'],
    [
      'eleven fields',
      { type: 'section', fields: Array(11).fill(plain('a')) },
      'no more than 10 items allowed [/blocks/0/fields]',
    ],
    ['an unknown field', section('a', { colour: 'red' }), 'invalid additional property: colour [/blocks/0]'],
    ['mrkdwn in a header', { type: 'header', text: mrkdwn('a') }, 'unsupported type: mrkdwn [/blocks/0/text/type]'],
    [
      'a long header',
      { type: 'header', text: plain(x(151)) },
      'must be less than 151 characters [/blocks/0/text/text]',
    ],
    ['26 elements', actions(...Array(26).fill(button())), 'no more than 25 items allowed [/blocks/0/elements]'],
    [
      'a long label',
      actions(button({ text: plain(x(76)) })),
      'must be less than 76 characters [/blocks/0/elements/0/text/text]',
    ],
    [
      'a long value',
      actions(button({ value: x(2001) })),
      'must be less than 2001 characters [/blocks/0/elements/0/value]',
    ],
    [
      'a strange style',
      actions(button({ style: 'green' })),
      'must be one of: primary, danger [/blocks/0/elements/0/style]',
    ],
    [
      'six overflow entries',
      actions({ type: 'overflow', options: options(6) }),
      'no more than 5 items allowed [/blocks/0/elements/0/options]',
    ],
    [
      '101 options',
      actions({ type: 'static_select', options: options(101) }),
      'no more than 100 items allowed [/blocks/0/elements/0/options]',
    ],
    [
      'eleven checkboxes',
      actions({ type: 'checkboxes', options: options(11) }),
      'no more than 10 items allowed [/blocks/0/elements/0/options]',
    ],
    [
      'a link outside overflow',
      actions({ type: 'static_select', options: [{ ...option('a'), url: 'https://x.example' }] }),
      'invalid additional property: url [/blocks/0/elements/0/options/0]',
    ],
    [
      'equal option values',
      actions({ type: 'radio_buttons', options: [option('a'), option('a')] }),
      'option values must be unique [/blocks/0/elements/0]',
    ],
    [
      'an initial option that is none',
      actions({ type: 'static_select', options: options(2), initial_option: option('z') }),
      'initial option is not among the options [/blocks/0/elements/0]',
    ],
    ['a text input in actions', actions(textInput()), 'unsupported type: plain_text_input [/blocks/0/elements/0/type]'],
    ['a button in an input', input(button()), 'unsupported type: button [/blocks/0/element/type]'],
    ['an alert', { type: 'alert', text: plain('a') }, 'unsupported type: alert [/blocks/0/type]'],
    [
      'a long card title',
      { type: 'card', title: mrkdwn(x(151)) },
      'must be less than 151 characters [/blocks/0/title/text]',
    ],
    ['an empty card', { type: 'card' }, 'needs one of: hero_image, title, actions, body [/blocks/0]'],
    [
      'eleven cards',
      { type: 'carousel', elements: Array(11).fill({ type: 'card', title: mrkdwn('a') }) },
      'no more than 10 items allowed [/blocks/0/elements]',
    ],
    [
      'a data table in a container',
      { type: 'container', title: plain('a'), child_blocks: [dataTable([[cell('a')], [cell('b')]])] },
      'unsupported type: data_table [/blocks/0/child_blocks/0/type]',
    ],
    [
      'a container without title',
      { type: 'container', child_blocks: [section('a')] },
      'needs one of: title, rich_text_title [/blocks/0]',
    ],
    [
      'a data table without caption',
      { type: 'data_table', rows: [[cell('a')], [cell('b')]] },
      'missing required field: caption [/blocks/0]',
    ],
    [
      'ragged rows',
      dataTable([[cell('a')], [cell('b'), cell('c')]]),
      'all rows must have the same number of cells [/blocks/0]',
    ],
    [
      'rich text in the header row',
      dataTable([[richText('a')], [cell('b')]]),
      'the header row must not hold rich_text [/blocks/0]',
    ],
    ['102 rows', dataTable(Array(102).fill([cell('a')])), 'no more than 101 items allowed [/blocks/0/rows]'],
    [
      'a table of too much text',
      { type: 'table', rows: [[cell(x(5001)), cell(x(5000))]] },
      'table and data_table must be less than 10001 characters together [/blocks]',
    ],
    [
      'too much markdown together',
      [
        { type: 'markdown', text: x(7000) },
        { type: 'markdown', text: x(7000) },
      ],
      'markdown must be less than 12001 characters together [/blocks]',
    ],
    ['51 blocks', Array(51).fill({ type: 'divider' }), 'no more than 50 items allowed [/blocks]'],
    [
      'a block id twice',
      [section('a', { block_id: 'b' }), section('c', { block_id: 'b' })],
      '`block_id` already in use: b [/blocks/1/block_id]',
    ],
    [
      'an action id twice in a block',
      actions(button({ action_id: 'a' }), button({ action_id: 'a' })),
      '`action_id` already in use: a [/blocks/0]',
    ],
    [
      'an image without address',
      { type: 'image', alt_text: 'a' },
      'must have either image_url or slack_file [/blocks/0]',
    ],
    [
      'an unknown rich text part',
      { type: 'rich_text', elements: [{ type: 'rich_text_header', elements: [] }] },
      'unsupported type: rich_text_header [/blocks/0/elements/0/type]',
    ],
    [
      'an unknown task state',
      { type: 'task_card', task_id: '1', title: 'a', status: 'done' },
      'must be one of: pending, in_progress, complete, error [/blocks/0/status]',
    ],
  ])('%s', (_, block, complaint) => {
    const problems = messageProblems(Array.isArray(block) ? block : [block], undefined);
    expect(problems.map(({ message, pointer }) => `${message} [${pointer}]`)).toEqual([complaint]);
  });

  test('too much text over all blocks', () => {
    const blocks = Array.from({ length: 5 }, () => section(x(2641)));
    expect(messageProblems(blocks, undefined)).toEqual([]);
    expect(() => requireValidMessage(blocks, undefined)).toThrow('msg_blocks_too_long');
    expect(() => requireValidMessage(blocks, undefined, false)).not.toThrow();
  });

  test('bad blocks in an attachment', () => {
    const problems = messageProblems(undefined, [{ color: '#e01e5a', blocks: [section(x(3001))] }]);
    expect(problems).toMatchObject([{ pointer: '/attachments/0/blocks/0/text/text', code: 'too_long' }]);
  });
});

describe('a view', () => {
  test.each<[string, object]>([
    ['an empty modal', modal()],
    ['100 blocks', modal({ blocks: Array(100).fill({ type: 'divider' }) })],
    ['inputs with submit', modal({ submit: plain('Send'), blocks: [input(textInput({ focus_on_load: true }))] })],
    ['an alert', modal({ blocks: [{ type: 'alert', level: 'warning', text: mrkdwn('a') }] })],
    ['a home', { type: 'home', blocks: [section('a')] }],
    ['a file input', modal({ submit: plain('Send'), blocks: [input({ type: 'file_input', max_files: 10 })] })],
  ])('takes %s', (_, view) => {
    expect(viewProblems(view)).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['a long title', modal({ title: plain(x(25)) }), 'must be less than 25 characters [/view/title/text]'],
    ['a long submit', modal({ submit: plain(x(25)) }), 'must be less than 25 characters [/view/submit/text]'],
    ['no title', { type: 'modal', blocks: [] }, 'missing required field: title [/view]'],
    [
      '101 blocks',
      modal({ blocks: Array(101).fill({ type: 'divider' }) }),
      'no more than 100 items allowed [/view/blocks]',
    ],
    [
      'long metadata',
      modal({ private_metadata: x(3001) }),
      'must be less than 3001 characters [/view/private_metadata]',
    ],
    ['inputs without submit', modal({ blocks: [input(textInput())] }), 'missing required field: submit [/view]'],
    [
      'markdown',
      modal({ blocks: [{ type: 'markdown', text: 'a' }] }),
      'unsupported type: markdown [/view/blocks/0/type]',
    ],
    [
      'an alert at home',
      { type: 'home', blocks: [{ type: 'alert', text: plain('a') }] },
      'unsupported type: alert [/view/blocks/0/type]',
    ],
    ['a title at home', { type: 'home', title: plain('a'), blocks: [] }, 'invalid additional property: title [/view]'],
    [
      'two focused inputs',
      modal({
        submit: plain('a'),
        blocks: [input(textInput({ focus_on_load: true })), input(textInput({ focus_on_load: true }))],
      }),
      'only one element may have focus_on_load [/view/blocks]',
    ],
    [
      'lengths the wrong way round',
      modal({ submit: plain('a'), blocks: [input(textInput({ min_length: 9, max_length: 3 }))] }),
      'min_length must not be greater than max_length [/view/blocks/0/element]',
    ],
  ])('refuses %s', (_, view, complaint) => {
    expect(viewProblems(view).map(({ message, pointer }) => `${message} [${pointer}]`)).toEqual([complaint]);
    expect(() => requireValidView(view)).toThrow('invalid_arguments');
  });

  test('over 250 KB is too large', () => {
    expect(() => requireValidView(modal({ blocks: Array(100).fill(section(x(2600))) }))).toThrow('view_too_large');
  });
});
