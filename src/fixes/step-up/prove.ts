import type { Tx } from '../../store/store.ts';
import type { FixesContext } from '../context.ts';
import type { StepUp } from '../policy.ts';
import type { AccountWord } from './account-word.ts';
import { takeCode } from './take-code.ts';

/** What a person gave beside the click. */
export interface Proof {
  alias?: string;
  code?: string;
}

/** The fields of the modal by which a person says more than a click; a refusal may name the one that is wrong. */
export type Field = 'reason' | 'alias' | 'code';

export type Proven = { ok: true; stepUp?: 'alias' | 'code' } | { ok: false; message: string; field: Field };

/** Is this person more than a click in a session that somebody may have stolen? Call it last, for it takes the code. */
export async function prove(
  context: Pick<FixesContext, 'config'>,
  tx: Tx,
  {
    user,
    level,
    word: { word },
    proof = {},
    about,
  }: { user: string; level: StepUp; word: AccountWord; proof?: Proof; about: { kind: string; id: string } },
): Promise<Proven> {
  if (level === 'none') return { ok: true };
  const alias = proof.alias?.trim() ?? '';
  if (alias === '') return { ok: false, field: 'alias', message: `Type ${word} to approve this fix.` };
  if (alias !== word) return { ok: false, field: 'alias', message: `This is not ${word}, letter for letter.` };
  if (level === 'alias') return { ok: true, stepUp: 'alias' };
  const code = proof.code?.trim() ?? '';
  if (code === '') return { ok: false, field: 'code', message: 'Type the code that your authenticator shows.' };
  const taken = await takeCode(context, tx, { user, code, about });
  return taken.ok ? { ok: true, stepUp: 'code' } : { ok: false, field: 'code', message: taken.message };
}
