import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Ends a connection with the answer that is due on it, and tells the caller so. */
function endAfter(response: ServerResponse, socket: Socket): void {
  response.shouldKeepAlive = false;
  response.once('close', () => socket.end());
}

/**
 * The connections of a server. Node's own `close` waits for a connection on which nothing was ever sent, and keeps
 * one alive that was busy when it was called.
 */
export class Connections {
  /**
   * The last response of each connection. Kept by connection and not by request: a set that every request enters and
   * leaves makes the collector pause ten times as long.
   */
  private readonly latest = new Map<Socket, ServerResponse | undefined>();
  private draining = false;

  constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.latest.set(socket, undefined);
      socket.once('close', () => this.latest.delete(socket));
    });
    server.on('request', ({ socket }, response) => {
      this.latest.set(socket, response);
      if (this.draining) endAfter(response, socket);
    });
  }

  /**
   * Takes no new connection, closes those on which nobody waits for an answer, and the others when they have it.
   *
   * @param withinMs after that, whatever is still open is cut
   * @returns how many connections were cut
   */
  async drain(withinMs: number): Promise<number> {
    this.draining = true;
    const ended = new Promise<void>((done) => {
      this.server.close(() => done());
    });
    for (const [socket, response] of this.latest) {
      if (response === undefined || response.writableFinished) socket.destroy();
      else endAfter(response, socket);
    }
    let cut = 0;
    const late = setTimeout(() => {
      cut = this.latest.size;
      this.server.closeAllConnections();
    }, withinMs);
    await ended;
    clearTimeout(late);
    return cut;
  }
}
