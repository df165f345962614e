import type { ComponentType, JSX } from "preact";

import { Problem } from "./parts";
import { Lines } from "./skeleton";
import { useLoaded } from "./use";

/** A page whose code is loaded when it is first wanted. */
export class LaterPage<Props extends object> {
  Page: ComponentType<Props> | undefined;

  constructor(private readonly find: () => Promise<ComponentType<Props>>) {}

  async load(): Promise<ComponentType<Props>> {
    this.Page ??= await this.find();
    return this.Page;
  }
}

/** Such a page, with its place kept until its code is there. */
export function Later<Props extends object>({ page, given }: { page: LaterPage<Props>; given: Props }): JSX.Element {
  const { error, reload } = useLoaded(async () => Boolean(await page.load()));
  const { Page } = page;
  if (Page) return <Page {...given} />;
  return (
    <main>
      <Problem text={error} again={reload} />
      {error ? null : <Lines count={5} />}
    </main>
  );
}
