import { COVERAGE_NEEDS, type CoverageSnapshot, type CoveringTrail, coverageOf } from '../../check/coverage.ts';
import type { Snapshot } from '../../snapshot/types.ts';
import { COLUMNS, type Column, covered } from './columns.ts';

/** The parts a matrix is made from. */
export const MATRIX_NEEDS = [...COVERAGE_NEEDS, 'trail.insights', 'organization.accounts'] as const;

export type MatrixSnapshot = CoverageSnapshot & Pick<Snapshot, 'trail.insights' | 'organization.accounts'>;

export interface Cell {
  covered: 'all' | 'partly' | 'none' | 'unknown';
  /** True when it comes from trails of other accounts alone. */
  inherited: boolean;
  /** What is covered, where it is a part, or what could not be read. */
  detail?: string;
  /** ARNs of the trails it comes from. */
  trails: string[];
}

export interface MatrixRow {
  account: string;
  name: string;
  cells: { [column in Column]: Cell };
}

export interface Matrix {
  rows: MatrixRow[];
  /** Accounts of the organization that the target leaves out, with the reason. */
  excluded: { account: string; name: string; why: string }[];
}

/** Every account of the target against what its trails record: worst accounts first. */
export function coverageMatrix(snapshot: MatrixSnapshot): Matrix {
  const accounts = Object.values(snapshot.accounts).filter(({ inScope }) => inScope);
  const rows = accounts.map(({ id, name }) => rowOf(snapshot, id, name));
  return { rows: rows.sort(worstFirst), excluded: excludedFrom(snapshot) };
}

function rowOf(snapshot: MatrixSnapshot, account: string, name: string): MatrixRow {
  const coverage = coverageOf(snapshot, account);
  if (coverage.state === 'absent') return { account, name, cells: each(() => NOTHING) };
  if (coverage.state !== 'read') return { account, name, cells: each(() => unknown('Its trails could not be read.')) };
  const { trails, unreadable } = coverage.value;
  const doubt = unreadable.map(({ arn }) => arn).concat(trails.filter(isDoubtful).map(({ trail }) => trail.TrailARN));
  const logging = trails.filter(({ status }) => status.state === 'read' && status.value.IsLogging);
  return { account, name, cells: each((column) => cellOf(snapshot, column, logging, doubt)) };
}

/** Nobody knows what these record, if anything. */
function isDoubtful({ status, selectors }: CoveringTrail): boolean {
  const known = (state: string) => state === 'read' || state === 'absent';
  if (!known(status.state)) return true;
  return status.state === 'read' && status.value.IsLogging && !known(selectors.state);
}

function cellOf(
  snapshot: MatrixSnapshot,
  column: Column,
  logging: readonly CoveringTrail[],
  doubt: readonly string[],
): Cell {
  const together = covered(snapshot, column, logging);
  if (together.covered !== 'all' && (doubt.length > 0 || together.unread !== undefined)) {
    return unknown(`${together.unread ?? doubt.join(', ')} could not be read.`);
  }
  const own = logging.filter(({ inherited }) => !inherited);
  const inherited = together.covered !== 'none' && covered(snapshot, column, own).covered === 'none';
  const from = logging.filter((one) => covered(snapshot, column, [one]).covered !== 'none');
  return {
    covered: together.covered,
    inherited,
    trails: from.map(({ trail }) => trail.TrailARN),
    ...(together.detail === undefined ? {} : { detail: together.detail }),
  };
}

const NOTHING: Cell = { covered: 'none', inherited: false, trails: [] };

function unknown(detail: string): Cell {
  return { covered: 'unknown', inherited: false, trails: [], detail };
}

function each(make: (column: Column) => Cell): MatrixRow['cells'] {
  const [managementRead, managementWrite, dataEvents, insights] = COLUMNS;
  return {
    [managementRead]: make(managementRead),
    [managementWrite]: make(managementWrite),
    [dataEvents]: make(dataEvents),
    [insights]: make(insights),
  };
}

const WORST: readonly Cell['covered'][] = ['none', 'unknown', 'partly', 'all'];

function worstFirst(one: MatrixRow, other: MatrixRow): number {
  const ranks = (row: MatrixRow) => COLUMNS.map((column) => WORST.indexOf(row.cells[column].covered));
  const [a, b] = [ranks(one), ranks(other)];
  const at = a.findIndex((rank, index) => rank !== b[index]);
  return at === -1 ? one.account.localeCompare(other.account) : (a[at] ?? 0) - (b[at] ?? 0);
}

function excludedFrom(snapshot: MatrixSnapshot): Matrix['excluded'] {
  const members = snapshot['organization.accounts'].organization;
  if (members?.state !== 'read') return [];
  return Object.values(members.value)
    .filter(({ Id }) => snapshot.accounts[Id]?.inScope !== true)
    .map(({ Id, Name, State }) => ({
      account: Id,
      name: Name,
      why: State === 'ACTIVE' ? 'not part of this target' : State.toLowerCase().replaceAll('_', ' '),
    }))
    .sort((one, other) => one.account.localeCompare(other.account));
}
