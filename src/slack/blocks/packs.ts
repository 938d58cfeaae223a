import type { Catalogue } from '../../posture/catalogue.ts';
import { membersOf, type Pack } from '../../posture/packs/pack.ts';
import { code, paragraph, rich, section } from './elements.ts';
import type { Message } from './message.ts';
import { count, escapeText, words } from './text.ts';

/** The packs that can be asked for, with what to type. */
export function packListMessage(packs: readonly Pack[], catalogue: Catalogue, command: string): Message {
  const [first] = packs;
  return {
    text: `Packs: ${packs.map(({ id }) => escapeText(id)).join(', ')}`,
    blocks: [
      section(words('Report on a standard with ', { code: `${command} prod --pack ${first?.id ?? 'cis-5.0'}` })),
      rich({
        type: 'rich_text_list',
        style: 'bullet',
        elements: packs.map((pack) =>
          paragraph(code(pack.id), ` ${pack.title}, ${count(membersOf(pack, catalogue).length, 'check')}`),
        ),
      }),
    ],
  };
}
