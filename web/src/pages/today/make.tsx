import type { JSX } from "preact";
import { useState } from "preact/hooks";

import type { Profile, Schemas } from "../../api/client";
import { t } from "../../language/language";
import { Choice, Dialog, Problem } from "../../parts/parts";
import { useAction } from "../../parts/use";
import type { Wish } from "../../pictures/api";
import { Looks } from "../looks";

interface MakeProps {
  me: Profile;
  choices: Schemas["Choices"];
  /** Have it made; what it throws is told here. */
  onMake: (wish: Wish) => Promise<void>;
  onClose: () => void;
}

type Layout = NonNullable<Wish["layout"]>;

/** The layout whose turn it is. */
const TURN = "turn";

/** How the next picture is to look, for this once. */
export function Make({ me, choices, onMake, onClose }: MakeProps): JSX.Element {
  const [wish, setWish] = useState<Wish>({ mode: me.mode, tone: me.tone });
  const layouts: { name: Layout | typeof TURN; title: string }[] = [
    { name: TURN, title: t.make.anyLayout },
    ...choices.layouts.map(({ name, title }) => ({ name: name as Layout, title })),
  ];
  const make = useAction(async () => {
    await onMake(wish);
    onClose();
  });
  return (
    <Dialog title={t.make.title} onClose={onClose} wide>
      <Looks choices={choices} look={wish} onChange={(change) => setWish({ ...wish, ...change })} />
      <Choice
        legend={t.make.layout}
        value={wish.layout ?? TURN}
        onChange={(layout) => {
          const { layout: _, ...rest } = wish;
          setWish(layout === TURN ? rest : { ...rest, layout });
        }}
        options={layouts}
      />
      <Problem text={make.error} />
      <button type="button" class="whole" disabled={make.busy} onClick={() => void make.run()}>
        {make.busy ? t.app.oneMoment : t.make.button}
      </button>
    </Dialog>
  );
}
