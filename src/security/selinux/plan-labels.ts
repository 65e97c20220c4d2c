import {VirtError} from '../../base/virt-error.ts';
import type {SeclabelDef} from '../../model/domain/seclabel.ts';
import {formatContext, parseContext, refusedLabel, type SelinuxContext} from './context.ts';
import type {PolicyContexts} from './policy-contexts.ts';

/** The name of this security model in XML and qemu.conf. */
export const SELINUX = 'selinux';

/** How a guest is labelled, before its categories are chosen. */
export type LabelWish =
  /** Its process gets what the policy gives to whom the driver starts, and no file is labelled. */
  | {readonly is: 'none'}
  /** The context is given, and files are labelled only where that is said. */
  | {readonly is: 'static'; readonly label: SelinuxContext; readonly relabel: boolean}
  /** Of the policy, or of `base`, with categories of its own. */
  | {readonly is: 'dynamic'; readonly base?: SelinuxContext};

/** The labels of a guest that runs. */
export interface DomainLabels {
  readonly type: 'static' | 'dynamic';
  /** Of its process. */
  readonly label: string;
  /** Of what it alone has. */
  readonly imageLabel: string;
  /** Of what several guests may write to: without categories. */
  readonly sharedLabel: string;
  /** Of what it reads: without categories. */
  readonly contentLabel: string;
  /** False: no file is labelled. */
  readonly relabel: boolean;
  /** Whether its type is the one of guests that KVM runs, which is not made for software emulation. */
  readonly isUsualType: boolean;
  readonly baseLabel?: string;
}

/** What qemu.conf says of guests whose definition says nothing, or that they go without a label. */
export interface ConfinedSettings {
  readonly defaultConfined: boolean;
  readonly requireConfined: boolean;
}

/**
 * What a definition wants of this model, where it is in force.
 *
 * @throws {VirtError} CONFIG_UNSUPPORTED for a label that is none, or a guest without one where that is not allowed
 * @see libvirt 9.0.0, src/security/security_manager.c, virSecurityManagerGenLabel
 */
export function labelWish(seclabels: readonly SeclabelDef[] | undefined, settings: ConfinedSettings): LabelWish {
  const own = ownSeclabel(seclabels);
  if (!own) return settings.defaultConfined ? {is: 'dynamic'} : unconfined(settings);
  switch (own.type) {
    case 'none':
      return unconfined(settings);
    case 'static':
      return {is: 'static', label: contextOf(own.label ?? ''), relabel: own.relabel ?? false};
    default:
      return {is: 'dynamic', ...(own.baselabel === undefined ? {} : {base: contextOf(own.baselabel)})};
  }
}

/** What a definition says of this model; an element without a model, which is its only one, is about the one in force. */
export function ownSeclabel(seclabels: readonly SeclabelDef[] = []): SeclabelDef | undefined {
  return seclabels.find(({model}) => model === SELINUX) ?? seclabels.find(({model}) => model === undefined);
}

function unconfined({requireConfined}: ConfinedSettings): LabelWish {
  if (!requireConfined) return {is: 'none'};
  throw new VirtError('CONFIG_UNSUPPORTED', 'SECURITY', 'guests without a label are not allowed on this host', {
    hint: 'give it a label (<seclabel type="dynamic" model="selinux"/>), or set security_require_confined = 0 in qemu.conf',
  });
}

function contextOf(text: string): SelinuxContext {
  const context = parseContext(text);
  if (context) return context;
  throw new VirtError('CONFIG_UNSUPPORTED', 'SECURITY', `the label ${refusedLabel(text) ?? ''}`, {
    hint: 'e.g. system_u:system_r:svirt_t:s0:c392,c662',
  });
}

/** What labels are made of. */
export interface LabelSource {
  readonly policy: PolicyContexts;
  /** The driver's own context: guests get its user and role. */
  readonly own: SelinuxContext;
  /** Whether KVM runs the guest. */
  readonly isKvm: boolean;
  /** The level with the guest's categories, e.g. `s0:c34,c44`; a static label has its own. */
  readonly level: string;
}

/**
 * The labels of a guest.
 *
 * @see libvirt 9.0.0, src/security/security_selinux.c, virSecuritySELinuxGenLabel
 */
export function planLabels(wish: Exclude<LabelWish, {is: 'none'}>, source: LabelSource): DomainLabels {
  const {policy, own} = source;
  const common = {sharedLabel: formatContext(policy.image), contentLabel: formatContext(policy.content)};
  if (wish.is === 'static') {
    const {label, relabel} = wish;
    const imageLabel = formatContext(withRange({...policy.image, user: own.user}, label.range));
    const isUsualType = label.type === policy.kvm.type;
    return {type: 'static', label: formatContext(label), imageLabel, relabel, isUsualType, ...common};
  }
  const {level} = source;
  const base = wish.base ?? (source.isKvm ? policy.kvm : policy.tcg);
  return {
    type: 'dynamic',
    label: formatContext({...base, user: own.user, role: own.role, range: level}),
    imageLabel: formatContext({...policy.image, user: own.user, range: level}),
    relabel: true,
    isUsualType: base.type === policy.kvm.type,
    ...(wish.base ? {baseLabel: formatContext(wish.base)} : {}),
    ...common,
  };
}

function withRange({user, role, type}: SelinuxContext, range: string | undefined): SelinuxContext {
  return {user, role, type, ...(range === undefined ? {} : {range})};
}

/** The definition's labels as a running guest shows them: its own for this model, the others as they are. */
export function withLiveLabels(
  seclabels: readonly SeclabelDef[] | undefined,
  labels: DomainLabels | undefined,
): readonly SeclabelDef[] | undefined {
  const own = ownSeclabel(seclabels);
  if (!labels) return seclabels?.map(withModel);
  const live = liveSeclabel(labels);
  return own ? seclabels?.map(label => (label === own ? live : label)) : [live, ...(seclabels ?? [])];
}

/** One that names no model is about none where guests get no labels. @see libvirt 9.0.0, src/conf/domain_conf.c, virSecurityLabelDefsParseXML */
function withModel(label: SeclabelDef): SeclabelDef {
  return label.model === undefined ? {type: 'none', model: 'none'} : label;
}

function liveSeclabel({type, label, imageLabel, relabel, baseLabel}: DomainLabels): SeclabelDef {
  return {
    type,
    model: SELINUX,
    relabel,
    label,
    ...(relabel ? {imagelabel: imageLabel} : {}),
    ...(baseLabel === undefined ? {} : {baselabel: baseLabel}),
  };
}
