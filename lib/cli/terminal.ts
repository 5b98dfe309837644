/** Streams and settings of the process, handed in by the entry point: commands read nothing else. */
export interface Terminal {
  /** Data only: what another program may read. */
  readonly out: (text: string) => void;
  /** Progress, logs and errors. */
  readonly err: (text: string) => void;
  /** Whether the terminal shows colours, before options are looked at. */
  readonly color: boolean;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The time, for what is recorded. */
  readonly now: () => Date;
}
