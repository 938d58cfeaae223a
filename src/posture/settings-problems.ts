import type { Config } from '../config/config.ts';
import type { Problem } from '../config/problem.ts';
import type { Source } from '../config/source.ts';
import { suggest } from '../config/suggest.ts';
import type { Catalogue } from './catalogue.ts';

/** What is wrong with the settings of checks in a configuration, with file and line. */
export function settingsProblems(config: Config, catalogue: Catalogue, source: Source): Problem[] {
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
      if (check === undefined) {
        const near = suggest(id, [...catalogue.keys()]);
        const hint = near === undefined ? '' : `; did you mean ${near}?`;
        return [source.problemAt([...path, id], `is not a check${hint}`, 'key')];
      }
      const parsed = check.settings.safeParse(value);
      return parsed.success ? [] : source.problemsOf(check.settings, parsed.error.issues, [...path, id]);
    }),
  );
}
