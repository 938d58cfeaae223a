import { CHARTS } from './charts.ts';
import { anyText, ID, IMAGE_ELEMENT, imageWith, mrkdwnText, plainText } from './compositions.ts';
import { ACCESSORY, ACTIONS_ELEMENT, BUTTON, CONTEXT_ACTION, CONTEXT_ELEMENT, INPUT_ELEMENT } from './elements.ts';
import { RICH_TEXT } from './rich-text.ts';
import {
  all,
  array,
  boolean,
  byType,
  type Check,
  object,
  oneOf,
  report,
  rule,
  type Surface,
  string,
} from './schema.ts';
import { TABLES } from './tables.ts';

const block = (type: string, required: Record<string, Check>, optional: Record<string, Check> = {}) =>
  object({ type: oneOf(type), ...required }, { block_id: ID, ...optional });

const needsOne = (...fields: string[]) =>
  rule((value) =>
    fields.some((field) => value[field] !== undefined) ? undefined : `needs one of: ${fields.join(', ')}`,
  );

const HTTPS = string(3000, 1, /^https:\/\//);

const TASK = block(
  'task_card',
  { task_id: string(255), title: string(3000), status: oneOf('pending', 'in_progress', 'complete', 'error') },
  {
    details: RICH_TEXT,
    output: RICH_TEXT,
    sources: array(object({ type: oneOf('url'), url: string(3000), text: string(3000) }), 100, 0),
  },
);

const CARD = all(
  block(
    'card',
    {},
    {
      hero_image: IMAGE_ELEMENT,
      icon: IMAGE_ELEMENT,
      title: mrkdwnText(150),
      subtitle: mrkdwnText(150),
      body: mrkdwnText(200),
      actions: array(BUTTON, 25),
    },
  ),
  needsOne('hero_image', 'title', 'actions', 'body'),
);

const IN_CONTAINER = [
  'actions',
  'context',
  'divider',
  'file',
  'header',
  'image',
  'input',
  'rich_text',
  'section',
  'table',
  'video',
];

/** Every block type that Slack knows, with its documented fields, lengths and counts. */
const BLOCKS: Record<string, Check> = {
  ...CHARTS,
  ...TABLES,
  actions: block('actions', { elements: array(ACTIONS_ELEMENT, 25) }),
  alert: block('alert', { text: anyText(200) }, { level: oneOf('default', 'info', 'warning', 'error', 'success') }),
  card: CARD,
  carousel: block('carousel', {
    elements: array(
      byType(() => ({ card: CARD })),
      10,
    ),
  }),
  container: all(
    block(
      'container',
      {
        child_blocks: array(
          byType(() => BLOCKS, IN_CONTAINER),
          10,
        ),
      },
      {
        title: plainText(150),
        rich_text_title: RICH_TEXT,
        subtitle: anyText(150),
        width: oneOf('narrow', 'standard', 'wide', 'full'),
        icon: IMAGE_ELEMENT,
        is_collapsible: boolean,
        default_collapsed: boolean,
        has_header_divider: boolean,
      },
    ),
    needsOne('title', 'rich_text_title'),
    rule((value) =>
      value.default_collapsed === true && value.is_collapsible !== true
        ? 'default_collapsed needs is_collapsible'
        : undefined,
    ),
  ),
  context: block('context', { elements: array(CONTEXT_ELEMENT, 10) }),
  context_actions: block('context_actions', { elements: array(CONTEXT_ACTION, 5) }),
  divider: block('divider', {}),
  file: block('file', { source: oneOf('remote'), external_id: string(255) }),
  header: block('header', { text: plainText(150) }),
  image: imageWith({ type: oneOf('image'), alt_text: string(2000) }, { block_id: ID, title: plainText(2000) }),
  input: block(
    'input',
    { label: plainText(2000), element: INPUT_ELEMENT },
    { hint: plainText(2000), optional: boolean, dispatch_action: boolean },
  ),
  markdown: block('markdown', { text: string(12_000) }),
  plan: block('plan', { title: string(3000) }, { tasks: array(TASK, 100, 0) }),
  rich_text: RICH_TEXT,
  section: all(
    block(
      'section',
      {},
      { text: anyText(3000), fields: array(anyText(2000), 10), accessory: ACCESSORY, expand: boolean },
    ),
    needsOne('text', 'fields'),
  ),
  task_card: TASK,
  video: block(
    'video',
    { video_url: HTTPS, thumbnail_url: string(3000), alt_text: string(2000), title: plainText(199) },
    {
      title_url: HTTPS,
      author_name: string(49),
      provider_name: string(49),
      provider_icon_url: string(3000),
      description: plainText(200),
    },
  ),
};

const ONLY_IN: Record<string, readonly Surface[]> = {
  alert: ['modal'],
  card: ['message'],
  carousel: ['message'],
  context_actions: ['message'],
  data_table: ['message'],
  data_visualization: ['message'],
  file: ['message'],
  markdown: ['message'],
  plan: ['message'],
  table: ['message'],
  task_card: ['message'],
};

/** Any block, where this surface shows it. */
export const BLOCK: Check = (value, pointer, checking) => {
  byType(() => BLOCKS)(value, pointer, checking);
  const type = typeof value === 'object' && value !== null && 'type' in value ? String(value.type) : '';
  const surfaces = ONLY_IN[type];
  if (surfaces && !surfaces.includes(checking.surface)) {
    report(checking, `${pointer}/type`, 'unsupported_type', `unsupported type: ${type}`);
  }
};
