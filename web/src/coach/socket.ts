/** The socket of a conversation: opened when it is needed, and again, with a new ticket, when it was lost. */

import { ApiProblem } from "../api/problem";
import type { StreamEvent } from "./stream";

/** The gateway closes what says nothing for ten minutes. */
const PING_EVERY = 240_000;
const LONGEST_PAUSE = 30_000;
const OPENING = 8_000;

interface Listener {
  /** It is open: now is the time to ask for what was missed. */
  onOpen: () => void;
  onEvent: (event: StreamEvent) => void;
}

export class CoachSocket {
  private socket: WebSocket | null = null;
  private wanted = false;
  private opening = false;
  private tries = 0;
  private ping: ReturnType<typeof setInterval> | undefined;
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ticket: () => Promise<string>,
    private readonly listener: Listener,
  ) {}

  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Open it, and keep it open until `release`. */
  want(): void {
    this.wanted = true;
    if (!this.socket && !this.opening && this.pause === undefined) void this.open();
  }

  /** Do not open it again when it is lost; it may stay open meanwhile. */
  release(): void {
    this.wanted = false;
    this.stopWaiting();
  }

  /** Try at once, since the network is back or the person looks. */
  hurry(): void {
    this.tries = 0;
    this.stopWaiting();
    if (this.wanted) this.want();
  }

  /** Ask for the events of a message after the one that was heard last (-1: all). False where the socket is not open. */
  resume(message_id: string, after: number): boolean {
    if (!this.isOpen) return false;
    this.socket?.send(JSON.stringify({ action: "resume", message_id, after }));
    return true;
  }

  close(): void {
    this.release();
    const { socket } = this;
    this.socket = null;
    this.lost();
    socket?.close();
  }

  private async open(): Promise<void> {
    this.opening = true;
    let url: string;
    try {
      url = await this.ticket();
    } catch (error) {
      this.opening = false;
      // What the API refuses now it refuses in a moment, too, unless it only asked for patience.
      const refused = error instanceof ApiProblem && error.status < 500 && error.status !== 429;
      if (!refused) this.retryLater();
      return;
    }
    this.opening = false;
    if (!this.wanted) return;
    let socket: WebSocket;
    try {
      socket = new WebSocket(url);
    } catch {
      // An address that the browser does not open at all.
      return;
    }
    this.socket = socket;
    const late = setTimeout(() => socket.close(), OPENING);
    socket.onopen = () => {
      clearTimeout(late);
      if (this.socket !== socket) return;
      this.tries = 0;
      this.ping = setInterval(() => this.isOpen && socket.send(JSON.stringify({ action: "ping" })), PING_EVERY);
      this.listener.onOpen();
    };
    socket.onmessage = ({ data }) => {
      const event = this.socket === socket ? read(data) : null;
      if (event) this.listener.onEvent(event);
    };
    socket.onclose = () => {
      clearTimeout(late);
      if (this.socket !== socket) return;
      this.socket = null;
      this.lost();
      this.retryLater();
    };
  }

  private lost(): void {
    clearInterval(this.ping);
    this.ping = undefined;
  }

  private retryLater(): void {
    if (!this.wanted) return;
    // Not all at the same moment when the gateway comes back.
    const pause = Math.min(LONGEST_PAUSE, 500 * 2 ** this.tries++) * (0.75 + Math.random() / 2);
    this.pause = setTimeout(() => {
      this.pause = undefined;
      if (this.wanted) this.want();
    }, pause);
  }

  private stopWaiting(): void {
    clearTimeout(this.pause);
    this.pause = undefined;
  }
}

function read(data: unknown): StreamEvent | null {
  try {
    const found: unknown = JSON.parse(String(data));
    const isEvent = found && typeof found === "object" && "message_id" in found && "sequence" in found;
    return isEvent ? (found as StreamEvent) : null;
  } catch {
    return null;
  }
}
