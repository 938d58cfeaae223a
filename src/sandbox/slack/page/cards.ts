import type {
  AlertBlock,
  CardBlock,
  CarouselBlock,
  ContainerBlock,
  PlanBlock,
  TaskCardBlock,
  URLSourceElement,
} from '@slack/types';
import type { DrawContext } from './context.ts';
import { type Child, h, uniqueId } from './dom.ts';
import { drawElement } from './elements.ts';
import { emojiGlyph } from './emoji-glyphs.ts';
import { drawImage } from './images.ts';
import { drawRichText } from './rich-text.ts';
import { drawLabel, drawLink, drawPlain, drawText } from './text.ts';
import type { AnyBlock } from './types.ts';

/** A frame around other blocks, which may fold. Whether it is folded is remembered across redrawing. */
export function drawContainer(
  block: ContainerBlock,
  context: DrawContext,
  drawChildren: (blocks: readonly AnyBlock[]) => HTMLElement[],
): HTMLElement {
  const memoKey = `folded ${block.block_id ?? block.title?.text ?? ''}`;
  const bodyId = uniqueId('container');
  const body = h('div', { class: 'container-body', id: bodyId }, ...drawChildren(block.child_blocks));
  const title: Child[] = block.rich_text_title
    ? [drawRichText(block.rich_text_title, context)]
    : block.title
      ? drawLabel(block.title)
      : [];
  const words = h(
    'div',
    { class: 'container-words' },
    h('div', { class: 'container-title' }, ...title),
    block.subtitle && h('div', { class: 'container-subtitle' }, drawText(block.subtitle, context)),
  );
  const icon = block.icon && drawImage(block.icon, 'container-icon');
  const frame = h('div', { class: `width-${block.width ?? 'standard'}` });
  if (block.is_collapsible !== true) {
    const divided = block.has_header_divider === true ? ' divided' : '';
    frame.append(h('div', { class: `container-head${divided}` }, icon, words), body);
    return frame;
  }
  const head = h(
    'button',
    { type: 'button', class: 'container-head', 'aria-controls': bodyId },
    h('span', { class: 'chevron', 'aria-hidden': 'true' }),
    icon,
    words,
  );
  const fold = (folded: boolean) => {
    context.memo.set(memoKey, folded);
    body.hidden = folded;
    head.setAttribute('aria-expanded', String(!folded));
  };
  const remembered = context.memo.get(memoKey);
  fold(remembered === undefined ? block.default_collapsed === true : remembered === true);
  head.addEventListener('click', () => fold(!body.hidden));
  frame.append(head, body);
  return frame;
}

export function drawCard(block: CardBlock, context: DrawContext): HTMLElement {
  const place = { blockId: block.block_id ?? '', dispatch: true };
  const actions = block.actions?.map((button) => drawElement(button, place, context));
  return h(
    'div',
    { class: 'card' },
    block.hero_image && drawImage(block.hero_image, 'card-hero'),
    h(
      'div',
      { class: 'card-head' },
      block.icon && drawImage(block.icon, 'card-icon'),
      h(
        'div',
        {},
        block.title && h('div', { class: 'card-title' }, drawText(block.title, context)),
        block.subtitle && h('div', { class: 'muted' }, drawText(block.subtitle, context)),
      ),
    ),
    block.body && h('div', { class: 'card-body' }, drawText(block.body, context)),
    actions && h('div', { class: 'card-actions' }, ...actions),
  );
}

export function drawCarousel(block: CarouselBlock, context: DrawContext): HTMLElement {
  const cards = block.elements.map((card) => h('li', {}, drawCard(card, context)));
  return h('ul', { class: 'carousel', 'aria-label': 'Cards', tabindex: 0 }, ...cards);
}

const ALERT_EMOJI = {
  default: 'bell',
  info: 'information_source',
  warning: 'warning',
  error: 'no_entry',
  success: 'white_check_mark',
} as const;

export function drawAlert(block: AlertBlock, context: DrawContext): HTMLElement {
  const level = block.level ?? 'default';
  const icon = h('span', { class: 'emoji', 'aria-hidden': 'true' }, emojiGlyph(ALERT_EMOJI[level]));
  return h('div', { class: `alert ${level}`, role: 'note' }, icon, drawText(block.text, context));
}

export function drawPlan(block: PlanBlock, context: DrawContext): HTMLElement {
  const tasks = (block.tasks ?? []).filter(isTask).map((task) => h('li', {}, drawTask(task, context)));
  return h('div', {}, h('div', { class: 'plan-title' }, ...drawPlain(block.title)), h('ol', {}, ...tasks));
}

function isTask(task: TaskCardBlock | Record<string, unknown>): task is TaskCardBlock {
  return typeof task.title === 'string' && typeof task.status === 'string';
}

const STATUS_WORDS = { pending: 'waiting', in_progress: 'in progress', complete: 'done', error: 'failed' } as const;

export function drawTask(block: TaskCardBlock, context: DrawContext): HTMLElement {
  const words = STATUS_WORDS[block.status];
  return h(
    'div',
    { class: `task ${block.status}` },
    h('span', { class: 'task-mark', role: 'img', 'aria-label': words, title: words }),
    h(
      'div',
      { class: 'task-words' },
      h('div', { class: 'task-title' }, ...drawPlain(block.title)),
      block.details && drawRichText(block.details, context),
      block.output && h('div', { class: 'task-output' }, drawRichText(block.output, context)),
      block.sources && h('div', { class: 'task-sources' }, ...block.sources.map(drawSource)),
    ),
  );
}

const drawSource = (source: URLSourceElement) => drawLink(source.url, [source.text]);
