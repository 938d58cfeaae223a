import { type Dict, dicts, isDict } from './json.ts';

/** Every block with those inside containers and carousels, and its JSON pointer. */
export function walkBlocks(blocks: Dict[], pointer = ''): { block: Dict; path: string }[] {
  return blocks.flatMap((block, index) => {
    const path = `${pointer}/${index}`;
    const inner = block.type === 'container' ? 'child_blocks' : block.type === 'carousel' ? 'elements' : undefined;
    const children = inner === undefined ? [] : walkBlocks(dicts(block[inner]), `${path}/${inner}`);
    return [{ block, path }, ...children];
  });
}

const PASSIVE = new Set(['image', 'plain_text', 'mrkdwn']);

/** The elements of one block that a person can use. */
export function interactive(block: Dict): Dict[] {
  const candidates =
    block.type === 'section'
      ? [block.accessory]
      : block.type === 'input'
        ? [block.element]
        : block.type === 'card'
          ? dicts(block.actions)
          : block.type === 'actions' || block.type === 'context_actions'
            ? dicts(block.elements)
            : [];
  return candidates.filter(isDict).filter((element) => !PASSIVE.has(String(element.type)));
}

/** Blocks of the message itself and of its attachments. */
export function allBlocks(content: { blocks?: Dict[]; attachments?: Dict[] }): Dict[] {
  return [...(content.blocks ?? []), ...(content.attachments ?? []).flatMap((attachment) => dicts(attachment.blocks))];
}

/** A copy with the ids that Slack makes up where the app gave none. */
export function withIds(blocks: Dict[], makeId: () => string): Dict[] {
  return blocks.map((block) => {
    const copy: Dict = { ...structuredClone(block) };
    for (const { block: each } of walkBlocks([copy])) {
      each.block_id ??= makeId();
      for (const element of interactive(each)) element.action_id ??= makeId();
    }
    return copy;
  });
}

export function findElement(
  blocks: Dict[],
  blockId: string,
  actionId: string,
): { block: Dict; element: Dict } | undefined {
  for (const { block } of walkBlocks(blocks)) {
    if (block.block_id !== blockId) continue;
    const element = interactive(block).find((candidate) => candidate.action_id === actionId);
    if (element) return { block, element };
  }
  return undefined;
}
