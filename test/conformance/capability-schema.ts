import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {readSecurityModels} from '../../src/driver/host-info/security-models.ts';
import type {SecurityModel} from '../../src/model/host-detail.ts';
import {formatSecurityModel} from '../../src/model/host-xml.ts';
import {parseXml} from '../../src/model/xml/parse-xml.ts';
import {writeXml} from '../../src/model/xml/write-xml.ts';
import type {XmlElement} from '../../src/model/xml/xml-element.ts';
import {firstXmlDifference} from './compare-xml.ts';
import {seclabelFolder} from './seclabel-folder.ts';
import {runCase, type Suite} from './suite.ts';

const FOLDERS = ['capabilityschemadata', 'vircaps2xmldata'];
const SECURITY_MODELS = /[ \t]*<secmodel>[\s\S]*?<\/secmodel>\n?/g;

/**
 * Capabilities of hosts with the security models that are printed here: read of the file and printed again, they are the
 * same; and with those of a host with SELinux in their place, the whole follows libvirt's schema.
 */
export const capabilitySchema: Suite = {
  name: 'capability-schema',
  run: corpus => {
    const folder = seclabelFolder(corpus);
    const rng = join(corpus, 'schemas', 'capability.rng');
    if (folder === undefined || !existsSync(rng) || spawnSync('xmllint', ['--version']).error) return undefined;
    const directory = mkdtempSync(join(tmpdir(), 'virtty-capability-'));
    try {
      const models = selinuxHost(folder);
      return FOLDERS.flatMap(name => readdirSync(join(folder, name)).map(file => join(folder, name, file))).map(path =>
        runCase(basename(path), () => {
          const xml = readFileSync(path, 'utf8');
          return samePrinted(xml) ?? invalid(withModels(xml, models), rng, join(directory, basename(path)));
        }),
      );
    } finally {
      rmSync(directory, {recursive: true});
    }
  },
};

/** A host with the policy of libvirt's tests, whose guests run as the user 107. */
function selinuxHost(folder: string): readonly SecurityModel[] {
  const files: Readonly<Record<string, string>> = {
    '/sys/fs/selinux/policyvers': '33',
    '/etc/selinux/config': 'SELINUXTYPE=targeted\n',
    '/etc/selinux/targeted/contexts/virtual_domain_context': readFileSync(
      join(folder, 'securityselinuxhelperdata/virtual_domain_context'),
      'utf8',
    ),
  };
  return readSecurityModels({text: path => files[path], names: () => []}, {uid: 107, gid: 107, isPrivileged: true});
}

function printed(models: readonly SecurityModel[]): string {
  return models.map(model => writeXml(formatSecurityModel(model))).join('\n');
}

function samePrinted(xml: string): string | undefined {
  const expected = xml.match(SECURITY_MODELS)?.join('') ?? '';
  const wanted = `<models>${expected}</models>`;
  const read = (parseXml(wanted).root?.children ?? []).map(readModel);
  return firstXmlDifference(wanted, `<models>${printed(read)}</models>`);
}

function readModel({children}: XmlElement): SecurityModel {
  const labels = children.filter(({name}) => name === 'baselabel');
  return {
    model: children.find(({name}) => name === 'model')?.text ?? '',
    labels: labels.map(({attributes, text}) => ({
      type: attributes.get('type') === 'kvm' ? 'kvm' : 'qemu',
      label: text,
    })),
  };
}

function withModels(xml: string, models: readonly SecurityModel[]): string {
  return xml.replaceAll(SECURITY_MODELS, '').replace('</host>', () => `${printed(models)}</host>`);
}

function invalid(xml: string, rng: string, path: string): string | undefined {
  writeFileSync(path, xml);
  const {status, stderr} = spawnSync('xmllint', ['--noout', '--relaxng', rng, path], {encoding: 'utf8'});
  return status === 0 ? undefined : stderr.split('\n')[0];
}
