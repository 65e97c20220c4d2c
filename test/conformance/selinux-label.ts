import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {hostResources} from '../../src/model/host-resource.ts';
import {imageLabelOf, readLiveLabels} from '../../src/security/selinux/plan-image-labels.ts';
import {readDomainFile, seclabelFolder, testPolicy} from './seclabel-folder.ts';
import {type CaseResult, runCase, type Suite} from './suite.ts';

/** The label of each file of a domain that is to run, as libvirt's test sets them. One path is one case. */
export const selinuxLabel: Suite = {
  name: 'selinux-label',
  run: corpus => {
    const folder = seclabelFolder(corpus);
    if (folder === undefined) return undefined;
    const cases = join(folder, 'securityselinuxlabeldata');
    return readdirSync(cases)
      .filter(file => file.endsWith('.txt'))
      .flatMap(file => compareLabels(folder, join(cases, file)));
  },
};

function compareLabels(folder: string, list: string): readonly CaseResult[] {
  const def = readDomainFile(list.replace(/txt$/, 'xml'), true);
  const labels = readLiveLabels(def.seclabels, testPolicy(folder));
  if (!labels) return [{name: list, failure: 'its domain has no labels'}];
  const planned = new Map(hostResources(def).map(resource => [resource.path, imageLabelOf(resource, labels) ?? '']));
  const lines = readFileSync(list, 'utf8').trimEnd().split('\n');
  return lines.map(line => {
    const [path = '', label = ''] = line.split(';');
    // What the file system answers to the attempt is not the plan's.
    const expected = label === 'EOPNOTSUPP' ? labels.imageLabel : label;
    return runCase(path, () => {
      const found = planned.get(path);
      if (found === undefined) return 'it is no file of the domain';
      return found === expected ? undefined : `expected '${expected}', found '${found}'`;
    });
  });
}
