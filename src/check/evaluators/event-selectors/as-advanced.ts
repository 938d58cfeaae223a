import { canonicalJson } from '../canonical/json.ts';
import { isAdvanced } from './edits.ts';
import { type Rule, rulesOf } from './rules.ts';
import type { AdvancedSelector, FieldSelector, TrailSelectors } from './types.ts';

/**
 * The set as advanced selectors that record just what it recorded: an advanced set is the very one that came in, of a
 * basic one each rule becomes a selector. For what basic selectors cannot say, such as leaving out a bucket.
 */
export function asAdvanced(selectors: TrailSelectors): readonly AdvancedSelector[] {
  if (isAdvanced(selectors)) return selectors.advancedEventSelectors ?? [];
  const all = rulesOf(selectors).map(selectorOf);
  const texts = all.map(canonicalJson);
  return all.filter((_, at) => texts.indexOf(texts[at] ?? '') === at);
}

function selectorOf({ category, modes, resourceTypes, tests }: Rule): AdvancedSelector {
  const [mode] = modes;
  const [type] = resourceTypes;
  const FieldSelectors: FieldSelector[] = [
    { Field: 'eventCategory', Equals: [category] },
    ...(type === undefined ? [] : [{ Field: 'resources.type', Equals: [type] }]),
    ...(modes.length > 1 ? [] : [{ Field: 'readOnly', Equals: [mode === 'read' ? 'true' : 'false'] }]),
    ...tests,
  ];
  const what = type === undefined ? 'Management events' : `${type} events`;
  return { Name: modes.length > 1 ? what : `${what}, ${mode}`, FieldSelectors };
}
