import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../language/language";
import { Icon } from "../../parts/icons";
import { Dialog, Field, Problem } from "../../parts/parts";
import { useAction } from "../../parts/use";

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
      <button type="button" class="tool" aria-label={t.coach.rename} onClick={() => setOpen("rename")}>
        <Icon name="pencil" />
      </button>
      <button type="button" class="tool" aria-label={t.coach.remove} onClick={() => setOpen("remove")}>
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
    <Dialog title={t.coach.rename} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) void save.run();
        }}
      >
        <Field label={t.coach.name} maxLength={100} value={name} onInput={setName} />
        <Problem text={save.error} />
        <button type="submit" disabled={save.busy || !name.trim()}>
          {save.busy ? t.app.oneMoment : t.coach.save}
        </button>
      </form>
    </Dialog>
  );
}

function Remove({ title, onRemove, onClose }: Omit<Props, "onRename"> & { onClose: () => void }): JSX.Element {
  const remove = useAction(onRemove);
  return (
    <Dialog title={t.coach.removeTitle} onClose={onClose}>
      <p dir="auto">{title ? t.coach.removeText(title) : t.coach.removeUntitled}</p>
      <Problem text={remove.error} />
      <button type="button" class="danger" disabled={remove.busy} onClick={() => void remove.run()}>
        {remove.busy ? t.app.oneMoment : t.coach.delete}
      </button>
    </Dialog>
  );
}
