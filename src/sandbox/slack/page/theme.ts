export type Theme = 'light' | 'dark';

const KEY = 'theme';

/** The theme to begin with: `?theme=`, else what was chosen here before, else what the system prefers. */
export function firstTheme(): Theme {
  const asked = new URLSearchParams(location.search).get('theme') ?? localStorage.getItem(KEY);
  if (asked === 'dark' || asked === 'light') return asked;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Puts a theme on the page; `remember` keeps it for the next visit. */
export function applyTheme(theme: Theme, remember: boolean): void {
  document.documentElement.dataset.theme = theme;
  if (remember) localStorage.setItem(KEY, theme);
}
