/** Takes one event; values must not come from a request's body. */
export type Log = (level: 'info' | 'error', event: string, fields: Readonly<Record<string, unknown>>) => void;

/** Writes one JSON object a line, which CloudWatch Logs reads as fields. */
export function jsonLog(write: (line: string) => void): Log {
  return (level, event, fields) => {
    write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
  };
}
