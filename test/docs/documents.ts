import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export function document(name: string): string {
  return readFileSync(`${ROOT}docs/${name}`, 'utf8');
}

export function documents(): string[] {
  return readdirSync(`${ROOT}docs`).filter((name) => name.endsWith('.md'));
}

/** The JSON example of a document that stands under `<!-- json: <name> -->`. */
export function example(text: string, name: string): string {
  const [, found] = text.match(new RegExp(`<!-- json: ${name} -->\\s+\`\`\`json\\n([^\`]*)\`\`\``)) ?? [];
  if (found === undefined) throw new Error(`there is no example ${name}`);
  return found;
}
