/** One thing that is wrong with the configuration. `line` and `column` count from 1 and are absent outside a file. */
export interface Problem {
  /** The file, or `environment` for an environment variable. */
  file: string;
  line?: number;
  column?: number;
  /** `environments.prod.accounts[0]`, or the name of the variable. */
  path: string;
  /** What is wrong and what is allowed. Never holds a value that could be a secret. */
  message: string;
}

export type Path = readonly (string | number)[];

/** `['environments', 'prod', 'accounts', 0]` as people write it. */
export function formatPath(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

/** All problems as text, one a line, in the form editors and terminals make clickable. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ file, line, column, path, message }) => {
      const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
      return `${place}: ${path === '' ? '' : `${path}: `}${message}`;
    })
    .join('\n');
}
