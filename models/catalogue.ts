/** The four specialists, in canonical order. Every ordered list of specialists in the project follows it. */
export const SPECIALISTS = ['general', 'ddos', 'bruteforce', 'webattacks'] as const;

/** Canonical name of a specialist. Other spellings exist at the edge only: see {@link resolveSpecialist}. */
export type Specialist = (typeof SPECIALISTS)[number];

/** What callers outside may say instead of a canonical name: the backend's own keys and its threat types. */
export interface SpecialistEdge {
  /** Key of the specialist in the backend's `sagemaker_endpoints.json`. */
  readonly backendKey: string;
  /** Alternative spellings of the name, lower case. */
  readonly aliases: readonly string[];
  /** Threat types that the backend routes to this specialist, lower case. */
  readonly threatTypes: readonly string[];
}

/** Names by which the outside knows each specialist. */
export const SPECIALIST_EDGE: Readonly<Record<Specialist, SpecialistEdge>> = {
  general: {
    backendKey: 'general',
    aliases: ['general_purpose', 'general-purpose'],
    threatTypes: ['unknown', 'reconnaissance', 'port_scan', 'malware', 'botnet', 'apt'],
  },
  ddos: {
    backendKey: 'ddos',
    aliases: ['ddos_dos', 'dos'],
    threatTypes: ['ddos', 'dos', 'denial_of_service'],
  },
  bruteforce: {
    backendKey: 'brute_force',
    aliases: ['brute_force', 'brute-force'],
    threatTypes: ['brute_force', 'credential_stuffing', 'password_spray'],
  },
  webattacks: {
    backendKey: 'web_attacks',
    aliases: ['web_attacks', 'web-attacks'],
    threatTypes: ['web_attack', 'sql_injection', 'xss', 'web_application_attack'],
  },
};

/**
 * Canonical specialist for a name, alias or threat type in any letter case.
 *
 * @returns the specialist, or undefined when nothing of that name exists
 */
export function resolveSpecialist(word: string): Specialist | undefined {
  const needle = word.trim().toLowerCase();
  return SPECIALISTS.find(
    (name) =>
      name === needle ||
      SPECIALIST_EDGE[name].aliases.includes(needle) ||
      SPECIALIST_EDGE[name].threatTypes.includes(needle),
  );
}

/** Orders specialists canonically and drops repetitions; the result does not depend on the input's order. */
export function inCanonicalOrder(names: Iterable<Specialist>): Specialist[] {
  const wanted = new Set(names);
  return SPECIALISTS.filter((name) => wanted.has(name));
}
