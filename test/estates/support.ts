import { fileURLToPath } from 'node:url';
import { createAws } from '../../src/aws/aws.ts';
import type { Finding } from '../../src/check/finding.ts';
import type { Plan } from '../../src/check/plan.ts';
import type { Config } from '../../src/config/config.ts';
import { fileSchema } from '../../src/config/schema/file.ts';
import { type FixProposal, planFix } from '../../src/fixes/planner.ts';
import { planningContext } from '../../src/fixes/proposal.ts';
import { createLogger } from '../../src/ops/logger.ts';
import { type AnyCheck, type Catalogue, loadCatalogue } from '../../src/posture/catalogue.ts';
import { type Scan, scan } from '../../src/posture/scan.ts';
import type { SimulatedEstate } from '../../src/sandbox/aws/estates/access.ts';
import { startAws } from '../../src/sandbox/aws/index.ts';
import { resolveTarget } from '../../src/snapshot/target.ts';

const CHECKS = fileURLToPath(new URL('../../checks', import.meta.url));

export interface ScannedEstate extends Scan {
  config: Config;
  /** The finding of a check on the resource whose ARN (or account) holds this text. */
  finding(check: string, resource: string): Finding;
  /** What is offered for a failing finding. */
  offer(finding: Finding): FixProposal;
  /** What is offered for everything that fails and has a fix at all. */
  offers: { finding: Finding; offer: FixProposal }[];
  plans: Plan[];
}

/** One run of all checks (or `only` some, by their ids) on all accounts of an estate, read over the wire, with what would be done about the failures. */
export async function scanEstate(
  { estate, hub, configuration }: SimulatedEstate,
  { file = {}, only }: { file?: object; only?: readonly string[] } = {},
): Promise<ScannedEstate> {
  const running = await startAws(estate);
  const parsed = fileSchema({ commands: [], now: new Date() }).parse({ ...configuration, ...file });
  const region = parsed.aws.region ?? 'us-east-1';
  const config: Config = { ...parsed, aws: { ...parsed.aws, region }, logLevel: 'silent', secrets: {} };
  const { accessKeyId, secretAccessKey } = hub;
  const aws = createAws({
    config: config.aws,
    now: () => new Date(),
    logger: createLogger({ level: 'silent' }),
    env: {},
    endpoint: running.endpoint,
    credentials: () => Promise.resolve({ accessKeyId, secretAccessKey }),
    // The simulator keeps no quotas, so nobody has to wait for them.
    limiter: { take: async () => undefined, throttled: () => undefined },
  });
  try {
    const checks = await loadCatalogue(CHECKS);
    const meant = await resolveTarget('estate', config, aws);
    if ('suggestions' in meant) throw new Error('the configuration names no environment `estate`');
    const parts = { aws, config, catalogue: checks, now: () => new Date() };
    const wanted = only === undefined ? checks : withTheirFirst(only, checks);
    const scanned = await scan(parts, meant, { sweep: false, checks: [...wanted.values()] });
    const findings = scanned.findings.filter(({ check }) => only === undefined || only.includes(check));
    const planning = planningContext({ config, catalogue: checks }, scanned.snapshot);
    const offers = findings
      .filter(({ verdict, fix }) => verdict === 'fail' && fix !== 'none')
      .map((finding) => ({ finding, offer: planFix(finding, planning) }));
    return {
      ...scanned,
      findings,
      config,
      offers,
      plans: offers.flatMap(({ offer }) => (offer.kind === 'plan' ? [offer.plan] : [])),
      offer: (finding) => planFix(finding, planning),
      finding(check, resource) {
        const found = findings.find((one) => one.check === check && one.resource.includes(resource));
        if (found === undefined) throw new Error(`no finding of ${check} on ${resource}`);
        return found;
      },
    };
  } finally {
    aws.close();
    await running.close();
  }
}

/** Some checks, and those that have to pass before them: a plan leans on what these read. */
function withTheirFirst(ids: readonly string[], checks: Catalogue): Catalogue {
  const all = new Map<string, AnyCheck>();
  const add = (id: string) => {
    const check = checks.get(id);
    if (check === undefined || all.has(id)) return;
    all.set(id, check);
    for (const first of check.fix.first ?? []) add(first);
  };
  ids.forEach(add);
  return all;
}

/** What fails, by check: the short names of the resources, sorted. */
export function failing(findings: readonly Finding[]): { [check: string]: string[] } {
  return verdicts(findings, 'fail');
}

/** Findings of one verdict, as `failing`. */
export function verdicts(findings: readonly Finding[], verdict: Finding['verdict']): { [check: string]: string[] } {
  const found: { [check: string]: string[] } = {};
  for (const { check, resource, ...finding } of findings) {
    if (finding.verdict === verdict) found[check] = [...(found[check] ?? []), shortName(resource)].sort();
  }
  return Object.fromEntries(Object.entries(found).sort(([one], [other]) => one.localeCompare(other)));
}

/** `arn:aws:iam::123456789012:root` is the account; of everything else the last piece of the ARN. */
export function shortName(resource: string): string {
  const [, , service, , account = '', ...rest] = resource.split(':');
  if (service === 'iam' && rest.join(':') === 'root') return account;
  return rest.join(':').replace(/^(trail|key|organization|log-group)[/:]/, '');
}
