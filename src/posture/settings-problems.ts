import type { Config } from '../config/config.ts';
import { matchesGlob } from '../config/glob.ts';
import type { Path, Problem } from '../config/problem.ts';
import type { Source } from '../config/source.ts';
import { suggest } from '../config/suggest.ts';
import type { Catalogue } from './catalogue.ts';
import { findPack } from './packs/packs.ts';

/** What is wrong with what a configuration says about checks, with file and line: their settings, their names, and packs. */
export function settingsProblems(config: Config, catalogue: Catalogue, source: Source): Problem[] {
  return [
    ...wrongSettings(config, catalogue, source),
    ...unknownChecks(config, catalogue, source),
    ...unknownPacks(config, source),
  ];
}

function unknownPacks({ environments }: Config, source: Source): Problem[] {
  return Object.entries(environments).flatMap(([name, { pack }]) => {
    const found = pack === undefined ? undefined : findPack(pack);
    if (found === undefined || !('problem' in found)) return [];
    return [source.problemAt(['environments', name, 'pack'], `names no pack. ${found.problem}`)];
  });
}

function wrongSettings(config: Config, catalogue: Catalogue, source: Source): Problem[] {
  const places = [
    { path: ['checks'], settings: config.checks },
    ...Object.entries(config.environments).map(([name, environment]) => ({
      path: ['environments', name, 'settings'],
      settings: environment.settings ?? {},
    })),
  ];
  return places.flatMap(({ path, settings }) =>
    Object.entries(settings).flatMap(([id, value]) => {
      const check = catalogue.get(id);
      if (check === undefined) return [source.problemAt([...path, id], `is not a check${hint(id, catalogue)}`, 'key')];
      const parsed = check.settings.safeParse(value);
      return parsed.success ? [] : source.problemsOf(check.settings, parsed.error.issues, [...path, id]);
    }),
  );
}

/** Exemptions and approval rules that name checks which do not exist would silently never apply. */
function unknownChecks({ exemptions, approval }: Config, catalogue: Catalogue, source: Source): Problem[] {
  const named: { pattern: string; path: Path }[] = [
    ...exemptions.map(({ check: pattern }, index) => ({ pattern, path: ['exemptions', index, 'check'] })),
    ...approval.rules.flatMap(({ when: { check = [] } }, rule) =>
      check.map((pattern, index) => ({ pattern, path: ['approval', 'rules', rule, 'when', 'check', index] })),
    ),
  ];
  const ids = [...catalogue.keys()];
  return named
    .filter(({ pattern }) => !ids.some((id) => matchesGlob(id, pattern)))
    .map(({ pattern, path }) => source.problemAt(path, `fits no check${hint(pattern, catalogue)}`));
}

function hint(id: string, catalogue: Catalogue): string {
  const near = suggest(id, [...catalogue.keys()]);
  return near === undefined ? '' : `; did you mean ${near}?`;
}
