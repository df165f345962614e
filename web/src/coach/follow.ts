/** Follow an answer until it is finished: over the socket, and by asking the API where the socket is silent or away. */

import { ApiProblem } from "../api/problem";
import type { Message } from "./api";
import type { CoachSocket } from "./socket";
import { begin, hasGap, isOpen, receive, refresh, type Stream, type StreamEvent } from "./stream";

/** How often to look: without a socket, and with one that says nothing. */
const WITHOUT_SOCKET = 1_000;
const LONGEST_WITHOUT = 4_000;
const SILENCE = 5_000;
/** A resume that is not answered is asked for again. */
const RESUME_AGAIN = 2_000;

export interface Following {
  receive: (event: StreamEvent) => void;
  /** Ask for what was missed. */
  catchUp: () => void;
  end: () => void;
}

interface Ways {
  socket: CoachSocket;
  read: () => Promise<Message>;
  onChange: (stream: Stream) => void;
  /** The message is gone: deleted on another device, or with the person's access. */
  onGone: () => void;
}

export function follow(message: Message, { socket, read, onChange, onGone }: Ways): Following {
  let stream = begin(message);
  let heard = Date.now();
  let asked = 0;
  let pause = WITHOUT_SOCKET;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  const show = (next: Stream): void => {
    if (over || next === stream) return;
    stream = next;
    onChange(stream);
    if (!isOpen(stream)) end();
  };
  const end = (): void => {
    over = true;
    clearTimeout(timer);
  };
  const catchUp = (): void => {
    if (!over && socket.resume(message.message_id, stream.next - 1)) asked = Date.now();
  };
  const look = async (): Promise<void> => {
    const silent = Date.now() - heard > SILENCE;
    if (!socket.isOpen || silent) {
      try {
        const found = await read();
        heard = Date.now();
        show(refresh(stream, found));
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) {
          end();
          onGone();
        }
      }
      pause = Math.min(LONGEST_WITHOUT, pause * 1.25);
    } else if (hasGap(stream) && Date.now() - asked > RESUME_AGAIN) {
      catchUp();
    }
    if (!over) timer = setTimeout(() => void look(), pause);
  };

  timer = setTimeout(() => void look(), pause);
  return {
    receive: (event) => {
      heard = Date.now();
      pause = WITHOUT_SOCKET;
      show(receive(stream, event));
      if (hasGap(stream) && Date.now() - asked > RESUME_AGAIN) catchUp();
    },
    catchUp,
    end,
  };
}
