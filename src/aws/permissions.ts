import type { Permission, Where } from './operation.ts';
import { findOperation } from './operations/table.ts';

/** The IAM actions of the operation itself, for messages and read policies; empty for one this program does not know. */
export function actionNames(name: string): readonly string[] {
  const found = findOperation(name);
  return found === undefined ? [] : (found.operation.actions ?? [name]);
}

/** Every permission that calls of an operation may need, whatever they act on; `where` may hold wildcards. */
export function mostOf(name: string, where: Where, input?: object): Permission[] {
  const fullest = input ?? findOperation(name)?.operation.fullest?.() ?? {};
  return actionsOf(name, fullest, { ...where, organizationTrail: true });
}

/** Every permission one call needs: its own actions on what it touches, and those AWS asks for besides. */
export function actionsOf(name: string, input: object, where: Where): Permission[] {
  const operation = findOperation(name)?.operation;
  if (operation === undefined) return [];
  const named = operation.on?.(input, where) ?? [];
  const resources = named.length > 0 ? named : ['*'];
  const condition = operation.condition?.(input);
  const own = actionNames(name).flatMap((action) =>
    resources.map((resource) => ({ action, resource, ...(condition && { condition }) })),
  );
  return [...own, ...(operation.also?.(input, where) ?? [])];
}
