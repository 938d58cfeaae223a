/** What an examination found about one thing. */
export interface Diagnosis {
  /** `ok` is fine; `note` works, but less than it seems; `problem` has to be mended. */
  level: 'ok' | 'note' | 'problem';
  area: 'configuration' | 'database' | 'Slack' | 'AWS' | 'policies';
  what: string;
  /** What to do about it. */
  next?: string;
}
