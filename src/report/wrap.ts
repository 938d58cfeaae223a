/**
 * Breaks text at spaces into lines of at most `columns`, those after the first indented. A word longer than a line stays
 * whole on a line of its own: ARNs are there to be copied.
 */
export function wrap(text: string, columns: number, indent = ''): string[] {
  const lines: string[] = [];
  let current: string | undefined;
  for (const word of text.split(' ')) {
    const next: string = current === undefined ? word : `${current} ${word}`;
    if (current === undefined || next.length <= columns) {
      current = next;
      continue;
    }
    if (current.trim() !== '') lines.push(current.trimEnd());
    current = `${indent}${word}`;
  }
  return current === undefined ? lines : [...lines, current];
}
