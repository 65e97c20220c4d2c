import {parseContext, type SelinuxContext} from './context.ts';

/** What a policy has for guests and their files. */
export interface PolicyContexts {
  /** Of a guest that KVM runs. */
  readonly kvm: SelinuxContext;
  /** Of one that is run by software, which makes code while it runs; the same as `kvm` where the policy has one for all. */
  readonly tcg: SelinuxContext;
  /** Of what a guest writes to. */
  readonly image: SelinuxContext;
  /** Of what guests read. */
  readonly content: SelinuxContext;
}

/** The texts of a policy's files, undefined where there is none. */
export interface PolicyFiles {
  /** `virtual_domain_context`: one line, or a second one for software emulation. */
  readonly domain: string | undefined;
  /** `virtual_image_context`: images, then what is read only. */
  readonly image: string | undefined;
}

/**
 * Reads what a policy says of guests.
 *
 * @returns a sentence for files that do not say it
 * @see libvirt 9.0.0, src/security/security_selinux.c, virSecuritySELinuxQEMUInitialize
 */
export function readPolicyContexts(files: PolicyFiles): PolicyContexts | string {
  const [kvm, tcg] = contextsIn(files.domain);
  const [image, content = image] = contextsIn(files.image);
  if (kvm === undefined) return 'its file virtual_domain_context names no context of a guest';
  if (image === undefined || content === undefined)
    return 'its file virtual_image_context names no context of an image';
  return {kvm, tcg: tcg ?? kvm, image, content};
}

/** The contexts of a file, one a line; `#` begins a comment. What is no context ends the list. */
function contextsIn(text = ''): readonly SelinuxContext[] {
  const lines = text
    .split('\n')
    .map(line => line.replace(/#.*/, '').trim())
    .filter(line => line !== '')
    .map(parseContext);
  const end = lines.indexOf(undefined);
  return lines.slice(0, end < 0 ? lines.length : end).flatMap(context => context ?? []);
}
