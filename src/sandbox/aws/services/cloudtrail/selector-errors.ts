import { AwsError, type Input } from '../../types.ts';

export function invalidSelectors(why: string): AwsError {
  return new AwsError('InvalidEventSelectorsException', why);
}

export function refuseUnknown(structure: Input, known: string[]): void {
  const unknown = Object.keys(structure).find((member) => !known.includes(member));
  if (unknown !== undefined) throw invalidSelectors(`The field ${unknown} is not valid here.`);
}
