import type { RichTextBlock, RichTextBlockElement } from '@slack/types';
import { h } from './dom.ts';
import { drawRichTextElement, type TextContext } from './text.ts';

/** Draws a `rich_text` block. */
export function drawRichText(block: RichTextBlock, context: TextContext): HTMLElement {
  return h('div', { class: 'text rich-text' }, ...block.elements.map((element) => drawElement(element, context)));
}

function drawElement(element: RichTextBlockElement, context: TextContext): HTMLElement {
  switch (element.type) {
    case 'rich_text_section':
      return h('div', { class: 'lines' }, ...element.elements.map((part) => drawRichTextElement(part, context)));
    case 'rich_text_quote':
      return h('blockquote', {}, ...element.elements.map((part) => drawRichTextElement(part, context)));
    case 'rich_text_preformatted':
      return h('pre', {}, ...element.elements.map((part) => drawRichTextElement(part, context)));
    case 'rich_text_list': {
      const items = element.elements.map((item) =>
        h('li', {}, ...item.elements.map((part) => drawRichTextElement(part, context))),
      );
      const bordered = element.border === 1 ? ' bordered' : '';
      const list = h(
        element.style === 'ordered' ? 'ol' : 'ul',
        { class: `indent-${element.indent ?? 0}${bordered}` },
        ...items,
      );
      return list;
    }
  }
}
