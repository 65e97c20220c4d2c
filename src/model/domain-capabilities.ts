/** What domain capabilities are asked for; what is left out is chosen as libvirt chooses it. */
export interface DomainCapabilitiesQuery {
  readonly emulator?: string;
  readonly arch?: string;
  /** A name or an alias. */
  readonly machine?: string;
  readonly domainType?: string;
}

/** Words that an attribute or element of domain XML can have. */
export interface CapsEnum {
  /** As libvirt's XML names it, e.g. `diskDevice`. */
  readonly name: string;
  readonly values: readonly string[];
}

/** A device or feature that a guest can have or not. */
export interface CapsPart {
  /** As libvirt's XML names it, e.g. `redirdev`. */
  readonly name: string;
  readonly supported: boolean;
  /** Only of what is supported. */
  readonly enums: readonly CapsEnum[];
}

/** A named processor model. */
export interface CapsCpuModel {
  readonly name: string;
  /** Whether this host can give the guest all of it; undefined where that is not known. */
  readonly usable: boolean | undefined;
  /** Features that it cannot give. */
  readonly blockedBy: readonly string[];
  readonly deprecated: boolean;
  /** libvirt's short name of the maker. */
  readonly vendor: string | undefined;
}

/** The processor that `host-model` comes to. */
export interface CapsHostModel {
  readonly model: string;
  readonly vendor: string | undefined;
  readonly features: readonly {readonly name: string; readonly policy: 'require' | 'disable'}[];
}

/** What memory encryption the host's processor has. */
export interface SevCapability {
  readonly cbitpos: number;
  readonly reducedPhysBits: number;
}

/** What enclaves the host's processor has. */
export interface SgxCapability {
  readonly flc: boolean;
  readonly sgx1: boolean;
  readonly sgx2: boolean;
  readonly sections: readonly {readonly node: number; readonly sizeKiB: number}[];
}

/** What domains of a type can have with an emulator, on a board. */
export interface DomainCapabilities {
  readonly emulator: string;
  readonly domainType: string;
  /** The board's own name. */
  readonly machine: string | undefined;
  readonly arch: string;
  readonly maxVcpus: number | undefined;
  readonly iothreads: boolean;
  /** Firmware that can be chosen without naming its files: `bios`, `efi`. */
  readonly firmware: readonly string[];
  readonly loader: {
    /** Of images on this host. */
    readonly paths: readonly string[];
    readonly types: readonly string[];
    readonly hasSecureBoot: boolean;
  };
  readonly cpu: {
    readonly hostPassthrough: boolean;
    readonly maximum: boolean;
    /** Undefined where there is none; `whyNoHostModel` is then a sentence without its end. */
    readonly hostModel: CapsHostModel | undefined;
    readonly whyNoHostModel: string | undefined;
    /** Sorted by name; none where no model can be named. */
    readonly models: readonly CapsCpuModel[];
  };
  readonly memorySources: readonly string[];
  readonly devices: readonly CapsPart[];
  readonly features: readonly CapsPart[];
  readonly sev: SevCapability | undefined;
  readonly sgx: SgxCapability | undefined;
}
