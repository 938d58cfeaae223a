import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { document, documents, ROOT } from './documents.ts';

it.each(documents())('%s points at files and headings that exist', (name) => {
  const text = document(name);
  const links = [...text.matchAll(/\]\(([^)#\s]*)(#[^)\s]*)?\)/g)].filter(([, path = '']) => !path.includes(':'));
  const files = links.map(([, path = '']) => posix.join('docs', path === '' ? name : path));
  expect(files.filter((path) => !existsSync(`${ROOT}${path}`))).toEqual([]);
});

it.each(documents())('%s names tests that exist', (name) => {
  const named = [...document(name).matchAll(/`(test\/[\w./-]+\.ts)`/g)].map(([, path]) => path ?? '');
  expect(named.filter((path) => !existsSync(`${ROOT}${path}`))).toEqual([]);
});
