import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {formatProblem} from '../../src/base/problem.ts';
import type {DomainDef} from '../../src/model/domain-def.ts';
import {parseDomain} from '../../src/model/parse-domain.ts';
import {type PolicyContexts, readPolicyContexts} from '../../src/security/selinux/policy-contexts.ts';

/** The folder of the cases about labels; undefined when a corpus has none. */
export function seclabelFolder(corpus: string): string | undefined {
  const folder = join(corpus, 'seclabel');
  return existsSync(join(folder, 'MANIFEST.json')) ? folder : undefined;
}

/** The policy of libvirt's tests. */
export function testPolicy(folder: string, which = 'securityselinuxhelperdata'): PolicyContexts {
  const read = (name: string) => readFileSync(join(folder, which, name), 'utf8');
  const policy = readPolicyContexts({domain: read('virtual_domain_context'), image: read('virtual_image_context')});
  if (typeof policy === 'string') throw new Error(`the policy of the tests is not read: ${policy}`);
  return policy;
}

/** @throws {Error} with the first problem of a text that is not read */
export function readDomainFile(path: string, live: boolean): DomainDef {
  const {def, problems} = parseDomain(readFileSync(path, 'utf8'), {
    newUuid: () => '00000000-0000-4000-8000-000000000000',
    newMac: () => '52:54:00:00:00:00',
    defaultArch: 'x86_64',
    live,
  });
  const error = problems.find(({severity}) => severity === 'error');
  if (!def) throw new Error(`it is refused: ${error ? formatProblem(error) : 'without a reason'}`);
  return def;
}
