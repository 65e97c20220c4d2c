/** What taints a run, and libvirt's words for it. Source: libvirt 9.0.0, src/conf/domain_conf.c, virDomainTaintMessage. */
const TAINT_WORDS = {
  'custom-monitor': 'custom monitor control commands issued',
} as const;

/** Something that was done to a run by hand, so that it may no longer be what the driver takes it for. */
export type DomainTaint = keyof typeof TAINT_WORDS;

/** What happened, without a verb in front. */
export function taintWords(taint: DomainTaint): string {
  return TAINT_WORDS[taint];
}

/** A taint as libvirt lists it among a domain's messages. */
export function taintSentence(taint: DomainTaint): string {
  return `tainted: ${TAINT_WORDS[taint]}`;
}
