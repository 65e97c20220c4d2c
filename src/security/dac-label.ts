import type {SeclabelDef} from '../model/domain/seclabel.ts';
import type {GuestIdentity} from './guest-identity.ts';

/**
 * The labels of a running domain with that of its user and group, as the live XML of a system instance shows them.
 *
 * @see libvirt 9.0.0, src/security/security_dac.c, virSecurityDACGenLabel: `+UID:+GID`, also of the images unless the
 *   label says that these are left alone
 */
export function withDacLabel(seclabels: readonly SeclabelDef[], {uid, gid}: GuestIdentity): readonly SeclabelDef[] {
  const isMeant = ({model, type}: SeclabelDef) => model === 'dac' || (model === undefined && type === 'none');
  const label = `+${uid}:+${gid}`;
  if (!seclabels.some(isMeant)) {
    return [...seclabels, {type: 'dynamic', model: 'dac', relabel: true, label, imagelabel: label}];
  }
  return seclabels.map(own => {
    if (own.model !== 'dac' || own.type === 'none') return own;
    const said = own.label ?? label;
    return {...own, label: said, ...(own.relabel === false ? {} : {imagelabel: said})};
  });
}
