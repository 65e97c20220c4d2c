import type {Hypervisor} from '../../model/hypervisor.ts';
import {lastConsole} from '../../ui/terminal/output-watch.ts';
import type {KernelLine} from './silence.ts';

/** What a domain's definition says of the guest's kernel line; one that cannot be read is unknown. */
export async function readKernelLine(
  hypervisor: Pick<Hypervisor, 'domainGetXml'>,
  domain: string,
): Promise<KernelLine> {
  try {
    const [{parseXml}, xml] = await Promise.all([
      import('../../model/xml/parse-xml.ts'), // the screen does without it until a console is silent
      hypervisor.domainGetXml(domain),
    ]);
    const {root} = parseXml(xml);
    if (!root) return {is: 'unknown'};
    const os = root.children.find(({name}) => name === 'os');
    const partOf = (name: string) => os?.children.find(child => child.name === name)?.text;
    if (partOf('kernel') === undefined) return {is: "guest's own"};
    return {is: 'given', console: lastConsole(partOf('cmdline') ?? '')};
  } catch {
    return {is: 'unknown'}; // what is said of a silent console has no room for it
  }
}
