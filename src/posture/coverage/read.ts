import { takeSnapshot } from '../../snapshot/take.ts';
import type { ScanParts } from '../scan.ts';
import type { Target } from '../target.ts';
import { coverageMatrix, MATRIX_NEEDS, type Matrix } from './matrix.ts';

/** Reads the trails of a target, now, and lays out what they cover. */
export async function readCoverage(
  { aws, config, now }: Pick<ScanParts, 'aws' | 'config' | 'now'>,
  target: Target,
): Promise<Matrix & { target: string; notes: string[] }> {
  const { snapshot, notes } = await takeSnapshot({ aws, config, target, now: now(), parts: MATRIX_NEEDS });
  return { target: target.name, ...coverageMatrix(snapshot), notes };
}
