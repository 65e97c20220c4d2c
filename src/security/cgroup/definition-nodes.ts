import type {GraphicsDef} from '../../model/devices/graphics.ts';
import {type DomainDef, devicesOf} from '../../model/domain-def.ts';
import type {DeviceRule} from './device-rule.ts';

/** Nodes of the kernel that a definition needs without naming them. */
export function definitionNodes(def: DomainDef): readonly string[] {
  const {type, launchSecurity} = def;
  const isOfKernel = type === 'kvm' && devicesOf(def, 'interface').length > 0;
  return [
    ...(isOfKernel ? ['/dev/vhost-net'] : []),
    ...(devicesOf(def, 'graphics').some(choosesCard) ? RENDER_NODES : []),
    ...(launchSecurity?.type === 'sev' ? ['/dev/sev'] : []),
    ...(devicesOf(def, 'memory').some(({model}) => model === 'sgx-epc') ? ['/dev/sgx_vepc', '/dev/sgx_provision'] : []),
    ...(devicesOf(def, 'video').some(({model}) => model?.blob) ? ['/dev/udmabuf'] : []),
  ];
}

/** The emulator takes the first that there is. Source: Linux, drivers/gpu/drm/drm_drv.c, minors of render nodes. */
const RENDER_NODES: readonly string[] = Array.from({length: 8}, (_, index) => `/dev/dri/renderD${128 + index}`);

/** Whether a screen is drawn by a graphics card that the definition does not name. */
function choosesCard(screen: GraphicsDef): boolean {
  if (!('gl' in screen)) return screen.type === 'egl-headless';
  const {gl} = screen;
  const isDrawn = screen.type === 'egl-headless' || (gl !== undefined && 'enable' in gl && gl.enable === true);
  return isDrawn && !(gl !== undefined && 'rendernode' in gl && gl.rendernode !== undefined);
}

/** Sound cards have many nodes, which their libraries choose. Source: Linux, Documentation/admin-guide/devices.txt, 14 and 116. */
const SOUND = {alsa: 116, oss: 14} as const;

/** Whole kinds of devices that a definition needs. */
export function definitionRules(def: DomainDef): readonly DeviceRule[] {
  return devicesOf(def, 'audio').flatMap(({type}) =>
    type === 'alsa' || type === 'oss' ? [{type: 'c', major: SOUND[type], minor: '*', access: 'rw', node: 'sound'}] : [],
  );
}
