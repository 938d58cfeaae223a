import type { FileBlock, ImageElement, VideoBlock } from '@slack/types';
import { h } from './dom.ts';
import { drawLabel, drawLink } from './text.ts';

/**
 * Draws an image that the page can load without leaving the machine (a data URL, or one of this server);
 * of any other it shows what the image says, as a reader without images gets it.
 */
export function drawImage(
  image: Pick<ImageElement, 'alt_text'> & ({ image_url: string } | { slack_file: unknown }),
  look: string,
): HTMLElement {
  const url = 'image_url' in image ? image.image_url : '';
  const local = url.startsWith('data:image/') || URL.parse(url, location.href)?.origin === location.origin;
  if (url !== '' && local) return h('img', { class: look, src: url, alt: image.alt_text, title: image.alt_text });
  return h('span', { class: `${look} image-absent`, role: 'img', 'aria-label': image.alt_text }, `▧ ${image.alt_text}`);
}

/** A video is not played here: its title and where it is. */
export function drawVideo(block: VideoBlock): HTMLElement {
  const title =
    block.title_url === undefined ? drawLabel(block.title) : [drawLink(block.title_url, drawLabel(block.title))];
  return h(
    'div',
    { class: 'placeholder' },
    h('div', { class: 'placeholder-icon', 'aria-hidden': 'true' }, '▶'),
    h('div', {}, h('strong', {}, ...title), h('div', { class: 'muted' }, block.provider_name ?? block.alt_text)),
  );
}

/** A remote file is not fetched here: its id. */
export function drawFile(block: FileBlock): HTMLElement {
  return h(
    'div',
    { class: 'placeholder' },
    h('div', { class: 'placeholder-icon', 'aria-hidden': 'true' }, '▤'),
    h('div', {}, h('strong', {}, 'File'), h('div', { class: 'muted' }, block.external_id)),
  );
}
