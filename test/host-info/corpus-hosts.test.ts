import {describe, expect, test} from 'vitest';
import {describeHost} from '../../src/driver/host-info/describe-host.ts';
import {formatHost} from '../../src/model/host-xml.ts';
import {parseXml} from '../../src/model/xml/parse-xml.ts';
import {writeXml} from '../../src/model/xml/write-xml.ts';
import type {XmlElement} from '../../src/model/xml/xml-element.ts';
import {firstXmlDifference} from '../conformance/compare-xml.ts';
import {corpusHosts, noCases} from '../model/corpus.ts';
import {all, treeOfHost} from './corpus-tree.ts';
import {fakeTree} from './fake-tree.ts';

const skipped = noCases === undefined ? '' : ` (skipped: ${noCases})`;

/** The count of small pages there is a stand-in's; caches of memory are not told. */
const LEFT_OUT =
  /<pages unit='KiB' size='4'>.*|<cache level=[\s\S]*?<\/cache>|<interconnects>[\s\S]*?<\/interconnects>/g;

function partsOf(xml: string): string {
  const {root} = parseXml(xml.replaceAll(LEFT_OUT, ''));
  const parts = ['topology', 'cache', 'memory_bandwidth'].flatMap(name => (root ? all(root, [name]) : []));
  return `<parts>${parts.map(text).join('')}</parts>`;
}

function text({name, attributes, children, text: own}: XmlElement): string {
  const given = [...attributes].map(([key, value]) => ` ${key}='${value}'`).join('');
  return `<${name}${given}>${own}${children.map(text).join('')}</${name}>`;
}

describe.skipIf(noCases !== undefined)(`hosts that libvirt has described${skipped}`, () => {
  test.each(corpusHosts())('$file is told as libvirt tells it', ({xml}) => {
    const [host] = all(parseXml(xml).root ?? expect.fail('no XML'), ['host']);
    const [arch] = host ? all(host, ['cpu', 'arch']) : [];
    const tree = fakeTree(treeOfHost(host ?? expect.fail('no host')));
    const described = describeHost(tree, {
      names: {hostname: 'h', machine: arch?.text ?? ''},
      kvm: {usable: true},
      owner: {uid: 0, gid: 0, isPrivileged: true},
    });
    const wanted = /<host>[\s\S]*<\/host>/.exec(xml)?.[0] ?? '';
    expect(firstXmlDifference(partsOf(wanted), partsOf(writeXml(formatHost(described))))).toBeUndefined();
  });
});
