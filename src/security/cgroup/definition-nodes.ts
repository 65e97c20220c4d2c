import {type DomainDef, devicesOf} from '../../model/domain-def.ts';

/** Nodes of the kernel that a definition needs without naming them. */
export function definitionNodes(def: DomainDef): readonly string[] {
  const {type, launchSecurity} = def;
  const isOfKernel = type === 'kvm' && devicesOf(def, 'interface').length > 0;
  return [
    ...(isOfKernel ? ['/dev/vhost-net'] : []),
    ...(launchSecurity?.type === 'sev' ? ['/dev/sev'] : []),
    ...(devicesOf(def, 'memory').some(({model}) => model === 'sgx-epc') ? ['/dev/sgx_vepc', '/dev/sgx_provision'] : []),
    ...(devicesOf(def, 'video').some(({model}) => model?.blob) ? ['/dev/udmabuf'] : []),
  ];
}
