import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Dialog, Field, Problem } from "../../parts/parts";
import { useAction } from "../../parts/use";
import { Icon } from "./icons";

interface Props {
  title: string;
  onRename: (title: string) => Promise<void>;
  onRemove: () => Promise<void>;
}

/** Give the open conversation another name, or delete it. */
export function Manage({ title, onRename, onRemove }: Props): JSX.Element {
  const [open, setOpen] = useState<"rename" | "remove" | null>(null);
  const close = (): void => setOpen(null);
  return (
    <>
      <button type="button" class="tool" aria-label="Rename this conversation" onClick={() => setOpen("rename")}>
        <Icon name="pencil" />
      </button>
      <button type="button" class="tool" aria-label="Delete this conversation" onClick={() => setOpen("remove")}>
        <Icon name="bin" />
      </button>
      {open === "rename" ? <Rename title={title} onRename={onRename} onClose={close} /> : null}
      {open === "remove" ? <Remove title={title} onRemove={onRemove} onClose={close} /> : null}
    </>
  );
}

function Rename({ title, onRename, onClose }: Omit<Props, "onRemove"> & { onClose: () => void }): JSX.Element {
  const [name, setName] = useState(title);
  const save = useAction(async () => {
    await onRename(name.trim());
    onClose();
  });
  return (
    <Dialog title="Rename this conversation" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) void save.run();
        }}
      >
        <Field label="Name" maxLength={100} value={name} onInput={setName} />
        <Problem text={save.error} />
        <button type="submit" disabled={save.busy || !name.trim()}>
          {save.busy ? "One moment…" : "Save"}
        </button>
      </form>
    </Dialog>
  );
}

function Remove({ title, onRemove, onClose }: Omit<Props, "onRename"> & { onClose: () => void }): JSX.Element {
  const remove = useAction(onRemove);
  return (
    <Dialog title="Delete this conversation?" onClose={onClose}>
      <p>{title ? <bdi>“{title}”</bdi> : "This conversation"} and all of its messages will be deleted for good.</p>
      <Problem text={remove.error} />
      <button type="button" class="danger" disabled={remove.busy} onClick={() => void remove.run()}>
        {remove.busy ? "One moment…" : "Delete"}
      </button>
    </Dialog>
  );
}
