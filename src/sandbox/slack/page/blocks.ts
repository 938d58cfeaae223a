import type {
  ActionsBlock,
  ContextActionsBlock,
  ContextBlock,
  HeaderBlock,
  ImageBlock,
  InputBlock,
  SectionBlock,
  SectionBlockAccessory,
} from '@slack/types';
import { drawAlert, drawCard, drawCarousel, drawContainer, drawPlan, drawTask } from './cards.ts';
import { drawChart } from './chart.ts';
import type { DrawContext } from './context.ts';
import { h, uniqueId } from './dom.ts';
import { drawElement } from './elements.ts';
import { drawFile, drawImage, drawVideo } from './images.ts';
import { parseMarkdown } from './markdown.ts';
import { drawRichText } from './rich-text.ts';
import { drawDataTable, drawTable } from './tables.ts';
import { drawLabel, drawParts, drawText } from './text.ts';
import type { AnyBlock, DrawableBlock } from './types.ts';

const KINDS: Readonly<Record<DrawableBlock['type'], true>> = {
  actions: true,
  alert: true,
  card: true,
  carousel: true,
  container: true,
  context: true,
  context_actions: true,
  data_table: true,
  data_visualization: true,
  divider: true,
  file: true,
  header: true,
  image: true,
  input: true,
  markdown: true,
  plan: true,
  rich_text: true,
  section: true,
  table: true,
  task_card: true,
  video: true,
};

/** Whether a block is of a kind that the page draws. The server has checked its fields against Slack's rules. */
function isDrawable(block: AnyBlock): block is DrawableBlock {
  return Object.hasOwn(KINDS, block.type);
}

/** Draws a list of blocks. */
export function drawBlocks(blocks: readonly AnyBlock[], context: DrawContext): HTMLElement[] {
  return blocks.map((block) => drawBlock(block, context));
}

/** Draws one block; one that the page does not know, or that is broken, is visible as such. */
export function drawBlock(block: AnyBlock, context: DrawContext): HTMLElement {
  if (!isDrawable(block)) return unsupported(`unsupported block type ${block.type}`);
  try {
    const drawn = drawKnown(block, context);
    drawn.classList.add('block', `block-${block.type}`);
    return drawn;
  } catch (error) {
    return unsupported(`this ${block.type} block cannot be drawn: ${String(error)}`);
  }
}

const unsupported = (words: string) => h('div', { class: 'block unsupported', role: 'note' }, words);

function drawKnown(block: DrawableBlock, context: DrawContext): HTMLElement {
  switch (block.type) {
    case 'section':
      return drawSection(block, context);
    case 'header':
      return drawHeader(block);
    case 'context':
      return drawContextBlock(block, context);
    case 'context_actions':
    case 'actions':
      return drawActions(block, context);
    case 'divider':
      return h('hr');
    case 'image':
      return drawImageBlock(block);
    case 'input':
      return drawInput(block, context);
    case 'rich_text':
      return drawRichText(block, context);
    case 'markdown':
      return h('div', { class: 'text markdown' }, ...drawParts(parseMarkdown(block.text), context));
    case 'table':
      return drawTable(block, context);
    case 'data_table':
      return drawDataTable(block, context);
    case 'data_visualization':
      return drawChart(block);
    case 'container':
      return drawContainer(block, context, (children) => drawBlocks(children, context));
    case 'card':
      return drawCard(block, context);
    case 'carousel':
      return drawCarousel(block, context);
    case 'alert':
      return drawAlert(block, context);
    case 'plan':
      return drawPlan(block, context);
    case 'task_card':
      return drawTask(block, context);
    case 'video':
      return drawVideo(block);
    case 'file':
      return drawFile(block);
  }
}

function drawSection(block: SectionBlock, context: DrawContext): HTMLElement {
  const fields = block.fields?.map((field) => h('div', { class: 'section-field' }, drawText(field, context)));
  const words = h(
    'div',
    { class: 'section-words' },
    block.text && drawText(block.text, context),
    fields && h('div', { class: 'section-fields' }, ...fields),
  );
  const accessory = block.accessory && drawAccessory(block.accessory, block.block_id ?? '', context);
  return h('div', {}, words, accessory && h('div', { class: 'section-accessory' }, accessory));
}

function drawAccessory(element: SectionBlockAccessory, blockId: string, context: DrawContext): HTMLElement {
  if (element.type === 'image') return drawImage(element, 'accessory-image');
  return drawElement(element, { blockId, dispatch: true }, context);
}

function drawHeader(block: HeaderBlock): HTMLElement {
  return h('div', { role: 'heading', 'aria-level': 3 }, ...drawLabel(block.text));
}

function drawContextBlock(block: ContextBlock, context: DrawContext): HTMLElement {
  const elements = block.elements.map((element) =>
    element.type === 'image' ? drawImage(element, 'context-image') : drawText(element, context),
  );
  return h('div', {}, ...elements);
}

function drawActions(block: ActionsBlock | ContextActionsBlock, context: DrawContext): HTMLElement {
  const place = { blockId: block.block_id ?? '', dispatch: true };
  return h('div', {}, ...block.elements.map((element) => drawElement(element, place, context)));
}

function drawImageBlock(block: ImageBlock): HTMLElement {
  const title = block.title && h('figcaption', {}, ...drawLabel(block.title));
  return h('figure', {}, title, drawImage(block, 'image'));
}

function drawInput(block: InputBlock, context: DrawContext): HTMLElement {
  const id = uniqueId('label');
  const blockId = block.block_id ?? '';
  const optional = block.optional === true;
  const place = { blockId, dispatch: block.dispatch_action === true, labelledBy: id, optional };
  return h(
    'div',
    {},
    h(
      'div',
      { class: 'input-label', id },
      ...drawLabel(block.label),
      optional && h('span', { class: 'input-optional' }, ' (optional)'),
    ),
    drawElement(block.element, place, context),
    block.hint && h('div', { class: 'input-hint' }, ...drawLabel(block.hint)),
  );
}
