import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkPage } from '../../scripts/check-page.ts';
import { withTable } from '../../scripts/check-table.ts';
import { mend, staleFiles } from '../../scripts/generated-files.ts';
import { type Catalogue, loadCatalogue } from '../../src/posture/catalogue.ts';

let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await loadCatalogue(resolve(import.meta.dirname, '../../checks'));
});

function pageOf(id: string): string {
  const check = catalogue.get(id);
  if (check === undefined) throw new Error(`there is no ${id}`);
  return checkPage(check);
}

describe('the page of a check', () => {
  it('names the IAM actions of everything it reads', () => {
    expect(pageOf('trail/log-file-validation')).toContain('| `trail.status` | `cloudtrail:GetTrailStatus` |');
  });

  it('names the settings with what they take and their defaults', () => {
    const page = pageOf('trail/delivery-healthy');
    expect(page).toContain('| `max_age_hours` | whole number | `24` |');
    expect(page).toContain('checks: { trail/delivery-healthy: { … } }');
  });

  it('says of what class the fix is, its risk and its cost', () => {
    const page = pageOf('trail/cloudwatch-logs');
    expect(page).toContain('automatic, after two approvals');
    expect(page).toContain('**Cost:** Ingestion and storage');
  });

  it('sends people on where there is no fix', () => {
    expect(pageOf('organization/members-covered')).toContain('no fix of its own; look at `organization/trail`');
  });

  it('lists the controls by standard', () => {
    expect(pageOf('trail/kms-encryption')).toContain('| AWS Security Hub | CloudTrail.2 |');
  });
});

describe('generated files', () => {
  async function repository(readme: string): Promise<string> {
    const root = await mkdtemp(join(tmpdir(), 'generated-'));
    await writeFile(join(root, 'README.md'), readme);
    return root;
  }
  const marks = 'before\n<!-- checks:begin -->\n<!-- checks:end -->\nafter\n';

  it('are stale until they are written, and not after', async () => {
    const root = await repository(marks);
    const stale = await staleFiles(root, catalogue);
    expect(stale).toHaveLength(catalogue.size + 7);
    await mend(root, stale);
    expect(await staleFiles(root, catalogue)).toEqual([]);
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    expect(readme).toMatch(/^before\n/);
    expect(readme).toMatch(/\nafter\n$/);
    expect(readme).toContain('[`trail/logging`](docs/checks/trail/logging.md)');
  });

  it('name an edited page, and a page of a check that is gone', async () => {
    const root = await repository(marks);
    await mend(root, await staleFiles(root, catalogue));
    await writeFile(join(root, 'docs/checks/trail/logging.md'), 'edited');
    await mkdir(join(root, 'docs/checks/old'));
    await writeFile(join(root, 'docs/checks/old/gone.md'), 'gone');
    const stale = await staleFiles(root, catalogue);
    expect(stale.map(({ path }) => path)).toEqual(['docs/checks/trail/logging.md', 'docs/checks/old/gone.md']);
    await mend(root, stale);
    expect(await staleFiles(root, catalogue)).toEqual([]);
  });

  it('cannot be written into a README without the marks', () => {
    expect(() => withTable('no marks', 'table')).toThrow('checks:begin');
  });
});
