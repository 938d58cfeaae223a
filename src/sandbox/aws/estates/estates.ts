import type { Credential, Estate } from '../types.ts';
import type { SimulatedEstate } from './access.ts';
import { controlTowerEstate } from './control-tower.ts';
import { delegatedEstate } from './delegated-administrator.ts';
import { demoEstate } from './demo.ts';
import { govcloudEstate } from './govcloud.ts';
import { acceleratorEstate } from './landing-zone-accelerator.ts';
import { optInEstate } from './opt-in-regions.ts';
import { startUpEstate } from './start-up.ts';

/** The configuration of the demo is a file of its own: the program starts with it. */
type Made = { estate: Estate; hub: Credential } & Partial<Pick<SimulatedEstate, 'configuration'>>;

/** Every estate that can be started, by its name. */
export const ESTATES: ReadonlyMap<string, () => Made> = new Map<string, () => Made>([
  ['demo', () => demoEstate()],
  ['control-tower', () => controlTowerEstate()],
  ['landing-zone-accelerator', () => acceleratorEstate()],
  ['start-up', () => startUpEstate()],
  ['govcloud', () => govcloudEstate()],
  ['opt-in-regions', () => optInEstate()],
  ['delegated-administrator', () => delegatedEstate()],
]);
