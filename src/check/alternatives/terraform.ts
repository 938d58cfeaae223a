import type { Change } from '../plan.ts';
import { buckets } from './bucket-resources.ts';
import { comment, printResource } from './hcl.ts';
import type { Renderer } from './renderer.ts';
import { services } from './service-resources.ts';
import { trails } from './trail-resources.ts';

const RENDERERS: { readonly [operation: string]: Renderer } = { ...trails, ...buckets, ...services };

/** Operations of which `terraformOf` knows what they are in Terraform. */
export const TERRAFORM_OPERATIONS: readonly string[] = Object.keys(RENDERERS);

/**
 * One change as Terraform, for teams that own the resource through code: the resource with the arguments the change
 * sets, or a comment where Terraform has no way to say it. Names are those of the AWS provider
 * (https://registry.terraform.io/providers/hashicorp/aws/latest/docs).
 */
export function terraformOf(change: Change): string {
  const { account, region, operation } = change;
  const where = comment(`Account ${account}${region === '' ? '' : `, ${region}`}: ${change.summary}`);
  const rendered =
    RENDERERS[operation]?.(change) ?? `${operation} has no resource in Terraform; make this call yourself.`;
  if (typeof rendered === 'string') return `${where}\n${comment(rendered)}\n`;
  return `${where}\n${[rendered].flat().map(printResource).join('\n')}`;
}
