import type { AnyCheck, Catalogue } from '../catalogue.ts';

/** A part of a standard that is listed in full, so that what nobody here looks at can be named. */
export interface Section {
  /** What it is called in the standard. */
  name: string;
  /** Every control of the section, by its number in the standard, with a short title in our words. */
  controls: { readonly [control: string]: string };
}

/** A set of checks that people are audited by, asked for by name: `scan prod --pack cis-5.0`. */
export interface Pack {
  id: string;
  title: string;
  /** Key of `controls` in the checks; members are the checks that name a control there. */
  standard?: string;
  /** Only these controls of it. */
  only?: readonly string[];
  /** Instead of a standard: the founding document that names the practice. */
  seed?: 'aws' | 'resmo';
  /** Sections that the pack has controls in, listed in full. */
  sections: readonly Section[];
  /** False where the standard takes a control to the letter: what stands in for it does not pass. */
  substitutes: boolean;
}

/** The controls of a pack that a check contributes to. Checks of a founding document stand for themselves. */
export function controlsIn(pack: Pack, check: Pick<AnyCheck, 'id' | 'controls' | 'seed'>): readonly string[] {
  if (pack.seed !== undefined) return check.seed.includes(pack.seed) ? [check.id] : [];
  const { only } = pack;
  const controls = check.controls[pack.standard ?? ''] ?? [];
  return only === undefined ? controls : controls.filter((control) => only.includes(control));
}

/** The checks of a pack, in the order of the catalogue. */
export function membersOf(pack: Pack, catalogue: Catalogue): AnyCheck[] {
  return [...catalogue.values()].filter((check) => controlsIn(pack, check).length > 0);
}

/** Controls as people number them: `3.2` before `3.10`, `CloudTrail.9` before `CloudTrail.10`. */
export function byNumber(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
