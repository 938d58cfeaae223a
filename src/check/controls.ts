import type { Controls } from './finding.ts';

/** Control ids of published standards, each standard's in one text parted by white space. */
export function controlIds(standards: { readonly [standard: string]: string }): Controls {
  return Object.fromEntries(Object.entries(standards).map(([standard, ids]) => [standard, ids.trim().split(/\s+/)]));
}
